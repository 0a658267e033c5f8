/** Typing is faster than answers: wait a little, and let only the newest question speak. */

export function debounce<Arguments extends unknown[]>(
  act: (...values: Arguments) => void,
  milliseconds: number
): ((...values: Arguments) => void) & { cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const later = (...values: Arguments) => {
    clearTimeout(timer)
    timer = setTimeout(() => act(...values), milliseconds)
  }
  later.cancel = () => clearTimeout(timer)
  return later
}

/** Gives out tickets; only the holder of the newest one is still wanted. */
export function newestOnly(): { take(): () => boolean } {
  let newest = 0
  return {
    take() {
      const mine = ++newest
      return () => mine === newest
    }
  }
}
