import { describe, expect, it } from 'vitest'
import { comfortClasses, readComfort, scaleOf } from '@/lib/comfort'

describe('large type', () => {
  it('is at least 1.4 times the ordinary size', () => {
    const ordinary = scaleOf({ large: false, contrast: false })

    expect(scaleOf({ large: true, contrast: false }) / ordinary).toBeGreaterThanOrEqual(1.4)
  })

  it('and high contrast are classes of the page', () => {
    expect(comfortClasses({ large: true, contrast: true })).toBe('page page--large page--contrast')
    expect(comfortClasses({ large: false, contrast: false })).toBe('page')
  })

  it.each([undefined, null, 'large', 7, { large: 'yes' }])('is off when %s is stored', (stored) => {
    expect(readComfort(stored)).toEqual({ large: false, contrast: false })
  })
})
