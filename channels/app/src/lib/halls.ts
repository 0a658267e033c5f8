import type { HallWindow } from '@/api/types'

export interface Floor {
  name: string
  windows: string[]
}

/** The windows of a hall, floor by floor, in the order the hall lists them. */
export function byFloor(windows: readonly HallWindow[]): Floor[] {
  const floors = new Map<string, string[]>()
  windows.forEach(({ floor, window_no, name }) => {
    floors.set(floor, [...(floors.get(floor) ?? []), `${window_no} ${name}`])
  })
  return [...floors].map(([name, names]) => ({ name, windows: names }))
}
