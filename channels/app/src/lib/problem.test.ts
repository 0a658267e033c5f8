import { describe, expect, it } from 'vitest'
import { problemFromNetwork, problemFromResponse, toProblem } from '@/lib/problem'

describe('a refusal', () => {
  it('is said in the words of the API', () => {
    const problem = problemFromResponse(404, {
      title: '没有这个事项',
      detail: '可能已经更名。',
      code: 'catalogue.service_not_found',
      trace_id: 't1'
    })

    expect(problem).toMatchObject({ kind: 'missing', title: '没有这个事项', detail: '可能已经更名。', traceId: 't1' })
    expect(problem.retryable).toBe(false)
  })

  it.each([
    [500, '<html>Bad gateway</html>', 'broken'],
    [429, null, 'busy'],
    [503, {}, 'busy'],
    [422, { title: 7 }, 'refused']
  ] as const)('%i with %o still says what to do next', (status, body, kind) => {
    const problem = problemFromResponse(status, body)

    expect(problem.kind).toBe(kind)
    expect(problem.detail).not.toBe('')
  })
})

describe('no answer at all', () => {
  it('is told apart: no network, or too slow', () => {
    expect(problemFromNetwork('request:fail', false).kind).toBe('offline')
    expect(problemFromNetwork('request:fail timeout', true).kind).toBe('timeout')
    expect(problemFromNetwork('request:fail', true).kind).toBe('offline')
  })

  it('can be tried again', () => {
    expect(problemFromNetwork('timeout', true).retryable).toBe(true)
    expect(toProblem(new Error('?')).retryable).toBe(true)
  })
})
