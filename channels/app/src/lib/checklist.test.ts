import { describe, expect, it } from 'vitest'
import {
  type Store,
  checklistKey,
  forgetAll,
  progressOf,
  readTicks,
  toggleTick,
  writeTicks
} from '@/lib/checklist'

function phone(kept: Record<string, unknown> = {}): Store {
  const held = new Map(Object.entries(kept))
  return {
    get: (key) => held.get(key),
    set: (key, value) => void held.set(key, value),
    remove: (key) => void held.delete(key),
    keys: () => [...held.keys()]
  }
}

describe('a checklist', () => {
  it('is remembered for this service and this situation only', () => {
    const store = phone()
    writeTicks(store, checklistKey('idcard-lost', ['b']), ['居民户口簿'])

    expect(readTicks(store, checklistKey('idcard-lost', ['b']))).toEqual(['居民户口簿'])
    expect(readTicks(store, checklistKey('idcard-lost', ['a']))).toEqual([])
  })

  it('does not depend on the order in which situations were chosen', () => {
    expect(checklistKey('x', ['b', 'a'])).toBe(checklistKey('x', ['a', 'b']))
  })

  it('counts only materials that are still asked for', () => {
    const progress = progressOf(['户口簿', '照片', '申请表'], ['户口簿', '照片', '早已取消的证明'])

    expect(progress).toEqual({ ready: 2, total: 3, percent: 67, complete: false })
  })

  it('is complete when everything is ticked, and never when nothing is asked', () => {
    expect(progressOf(['照片'], ['照片']).complete).toBe(true)
    expect(progressOf([], []).complete).toBe(false)
  })

  it('gives a tick back when pressed twice', () => {
    expect(toggleTick(toggleTick([], '照片'), '照片')).toEqual([])
  })

  it('starts empty when what is stored is damaged', () => {
    expect(readTicks(phone({ 'checklist:x:': '坏' }), 'checklist:x:')).toEqual([])
    expect(readTicks(phone({ 'checklist:x:': [1, '照片'] }), 'checklist:x:')).toEqual(['照片'])
  })

  it('leaves nothing behind when emptied', () => {
    const store = phone({ 'checklist:x:': ['照片'] })
    writeTicks(store, 'checklist:x:', [])

    expect(store.keys()).toEqual([])
  })

  it('is forgotten on request, and nothing else is', () => {
    const store = phone({ 'checklist:x:': ['照片'], 'checklist:y:a': ['照片'], comfort: { large: true } })

    expect(forgetAll(store)).toBe(2)
    expect(store.keys()).toEqual(['comfort'])
  })
})
