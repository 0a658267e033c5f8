import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { debounce, newestOnly } from '@/lib/latest'

describe('typing', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('asks once, with the last word', () => {
    const asked: string[] = []
    const ask = debounce((words: string) => void asked.push(words), 200)
    ask('身')
    vi.advanceTimersByTime(150)
    ask('身份证')
    vi.advanceTimersByTime(200)

    expect(asked).toEqual(['身份证'])
  })

  it('asks nothing when it was taken back', () => {
    const ask = debounce(() => expect.unreachable(), 200)
    ask()
    ask.cancel()
    vi.advanceTimersByTime(500)
  })
})

describe('answers out of order', () => {
  it('count only when they answer the newest question', () => {
    const tickets = newestOnly()
    const first = tickets.take()
    const second = tickets.take()

    expect(first()).toBe(false)
    expect(second()).toBe(true)
  })
})
