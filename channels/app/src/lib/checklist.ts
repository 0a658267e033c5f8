/** Which materials a citizen has already put together, remembered on this device only. */

/** The part of a device's storage this needs; `uni` satisfies it. */
export interface Store {
  get(key: string): unknown
  set(key: string, value: unknown): void
  remove(key: string): void
  keys(): string[]
}

const PREFIX = 'checklist:'

/** A list belongs to a service and a situation: another situation is another list. */
export function checklistKey(serviceId: string, situations: readonly string[]): string {
  return `${PREFIX}${serviceId}:${[...situations].sort().join(',')}`
}

/** The names already ticked. Names, not positions: a new version of a guide may reorder its materials. */
export function readTicks(store: Store, key: string): string[] {
  const value = store.get(key)
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : []
}

export function toggleTick(ticks: readonly string[], name: string): string[] {
  return ticks.includes(name) ? ticks.filter((other) => other !== name) : [...ticks, name]
}

/** Remember the ticks; an empty list leaves nothing behind. */
export function writeTicks(store: Store, key: string, ticks: readonly string[]): void {
  if (ticks.length === 0) store.remove(key)
  else store.set(key, [...ticks])
}

export interface Progress {
  ready: number
  total: number
  percent: number
  complete: boolean
}

/** Progress over the materials shown; ticks of materials that are gone do not count. */
export function progressOf(names: readonly string[], ticks: readonly string[]): Progress {
  const ready = names.filter((name) => ticks.includes(name)).length
  const total = names.length
  return {
    ready,
    total,
    percent: total === 0 ? 0 : Math.round((ready / total) * 100),
    complete: total > 0 && ready === total
  }
}

/** Forget every list on this device; says how many there were. */
export function forgetAll(store: Store): number {
  const ours = store.keys().filter((key) => key.startsWith(PREFIX))
  ours.forEach((key) => store.remove(key))
  return ours.length
}
