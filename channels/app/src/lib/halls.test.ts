import { expect, it } from 'vitest'
import { byFloor } from '@/lib/halls'

it('lists the windows of a hall floor by floor', () => {
  const windows = [
    { window_no: 'A01', name: '综合受理窗口', floor: '1 楼', departments: [] },
    { window_no: 'B01', name: '社保窗口', floor: '2 楼', departments: [] },
    { window_no: 'A02', name: '户政窗口', floor: '1 楼', departments: [] }
  ]

  expect(byFloor(windows)).toEqual([
    { name: '1 楼', windows: ['A01 综合受理窗口', 'A02 户政窗口'] },
    { name: '2 楼', windows: ['B01 社保窗口'] }
  ])
})
