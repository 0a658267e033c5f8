/** The one place that talks to the network. On H5 the API is where the page came from. */

import { type ApiProblem, problemFromNetwork, problemFromResponse } from '@/lib/problem'

const TIMEOUT_MS = 12_000

let base = ''
// #ifndef H5
base = import.meta.env.VITE_API_BASE ?? ''
// #endif

type Method = 'GET' | 'POST'

/** What the device believes; `true` where it cannot tell. */
function isOnline(): boolean {
  return typeof navigator === 'undefined' || navigator.onLine !== false
}

function send<Answer>(method: Method, path: string, data?: object): Promise<Answer> {
  return new Promise<Answer>((resolve, reject: (problem: ApiProblem) => void) => {
    uni.request({
      url: `${base}${path}`,
      method,
      data,
      timeout: TIMEOUT_MS,
      header: { Accept: 'application/json', ...(data ? { 'Content-Type': 'application/json' } : {}) },
      success: ({ statusCode, data: body }) => {
        if (statusCode >= 200 && statusCode < 300) resolve(body as Answer)
        else reject(problemFromResponse(statusCode, body))
      },
      fail: ({ errMsg }) => reject(problemFromNetwork(errMsg ?? '', isOnline()))
    })
  })
}

export const get = <Answer>(path: string): Promise<Answer> => send<Answer>('GET', path)

export const post = <Answer>(path: string, data: object): Promise<Answer> => send<Answer>('POST', path, data)
