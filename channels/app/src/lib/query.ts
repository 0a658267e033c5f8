/** Addresses inside the app, built and read in one place. */

export const PAGES = {
  home: '/pages/home/index',
  search: '/pages/search/index',
  guide: '/pages/guide/index',
  chat: '/pages/chat/index',
  halls: '/pages/halls/index',
  me: '/pages/me/index'
} as const

type Parameters = Record<string, string | number | undefined | null>

/** `a=1&b=2`, without the empty ones. */
export function toQuery(parameters: Parameters): string {
  return Object.entries(parameters)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&')
}

export function toPath(page: string, parameters: Parameters = {}): string {
  const query = toQuery(parameters)
  return query ? `${page}?${query}` : page
}

/** The address of a guide, for exactly these situations, at this section. */
export function guidePath(serviceId: string, situations: readonly string[] = [], section = ''): string {
  return toPath(PAGES.guide, { id: serviceId, situation: situations.join(','), section })
}

/** Page parameters arrive percent-encoded on some platforms and decoded on others. */
export function decoded(value: string | undefined): string {
  if (!value) return ''
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** `a,b` → `['a', 'b']` */
export function splitList(value: string | undefined): string[] {
  return decoded(value)
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}

/** A link from outside that leads into this app → the path inside it; null if it leads elsewhere. */
export function toInnerPath(url: string): string | null {
  const hash = url.indexOf('#/pages/')
  if (hash >= 0) return url.slice(hash + 1)
  return url.startsWith('/pages/') ? url : null
}

/** What an official account's menu or a QR code opens a mini-program with: `scene=id%3Dx%26situation%3Da`. */
export function fromScene(scene: string | undefined): Record<string, string> {
  const pairs = decoded(scene)
    .split('&')
    .map((pair) => pair.split('='))
    .filter((pair): pair is [string, string] => pair.length === 2 && pair[0] !== '')
  return Object.fromEntries(pairs)
}
