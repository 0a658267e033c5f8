/** What went wrong, in words a citizen can act on. */

import { text } from '@/text'

export type ProblemKind = 'offline' | 'timeout' | 'busy' | 'missing' | 'refused' | 'broken'

/** The body of `application/problem+json` (RFC 9457), as far as this app reads it. */
interface ProblemBody {
  title?: unknown
  detail?: unknown
  code?: unknown
  trace_id?: unknown
}

export class ApiProblem extends Error {
  constructor(
    readonly kind: ProblemKind,
    readonly title: string,
    readonly detail: string,
    readonly code = '',
    readonly traceId = ''
  ) {
    super(title)
  }

  /** Whether trying the very same thing again may help. */
  get retryable(): boolean {
    return this.kind !== 'missing' && this.kind !== 'refused'
  }
}

function kindOf(status: number): ProblemKind {
  if (status === 404 || status === 410) return 'missing'
  if (status === 429 || status === 503) return 'busy'
  if (status >= 400 && status < 500) return 'refused'
  return 'broken'
}

const words = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value.trim() ? value.trim() : otherwise

/** Read a refusal; a body that is no problem document falls back to our own words. */
export function problemFromResponse(status: number, body: unknown): ApiProblem {
  const kind = kindOf(status)
  const own = text.problems[kind]
  const said: ProblemBody = typeof body === 'object' && body !== null ? body : {}
  return new ApiProblem(
    kind,
    words(said.title, own.title),
    words(said.detail, own.detail),
    words(said.code, ''),
    words(said.trace_id, '')
  )
}

/** The request never got an answer. `online` is what the device believes. */
export function problemFromNetwork(reason: string, online: boolean): ApiProblem {
  const kind: ProblemKind = !online ? 'offline' : /time?out|超时/i.test(reason) ? 'timeout' : 'offline'
  return new ApiProblem(kind, text.problems[kind].title, text.problems[kind].detail)
}

/** Whatever was thrown, as something that can be shown. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  return new ApiProblem('broken', text.problems.broken.title, text.problems.broken.detail)
}
