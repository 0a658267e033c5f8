/** How a citizen likes to read: large type, high contrast. */

export interface Comfort {
  large: boolean
  contrast: boolean
}

export const ORDINARY: Comfort = { large: false, contrast: false }

/** Everything sized in the app is multiplied by this (style: `--scale`). */
export const SCALE = { ordinary: 1, large: 1.45 } as const

export function scaleOf(comfort: Comfort): number {
  return comfort.large ? SCALE.large : SCALE.ordinary
}

/** What was stored may be old or damaged; anything unclear means "ordinary". */
export function readComfort(stored: unknown): Comfort {
  if (typeof stored !== 'object' || stored === null) return { ...ORDINARY }
  const { large, contrast } = stored as Partial<Record<keyof Comfort, unknown>>
  return { large: large === true, contrast: contrast === true }
}

/** The classes of a page; App.vue gives them their meaning. */
export function comfortClasses(comfort: Comfort): string {
  return ['page', comfort.large ? 'page--large' : '', comfort.contrast ? 'page--contrast' : '']
    .filter(Boolean)
    .join(' ')
}
