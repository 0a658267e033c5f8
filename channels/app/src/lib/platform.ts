/** What differs between a browser and a mini-program, behind plain verbs. */

import { PAGES } from '@/lib/query'

const TABS: readonly string[] = [PAGES.home, PAGES.chat, PAGES.me]

/** Go to a page of this app; tabs of a mini-program are switched to, everything else is opened. */
export function open(path: string): void {
  // #ifdef H5
  uni.navigateTo({ url: path })
  // #endif
  // #ifndef H5
  const [page] = path.split('?')
  if (TABS.includes(page)) uni.switchTab({ url: page })
  else uni.navigateTo({ url: path })
  // #endif
}

/** Back to where the citizen came from, or home when they came from outside. */
export function goBack(): void {
  if (getCurrentPages().length > 1) uni.navigateBack({ delta: 1 })
  else uni.reLaunch({ url: PAGES.home })
}

export function dial(phone: string): void {
  uni.makePhoneCall({ phoneNumber: phone, fail: () => undefined })
}

/** Copy words; resolves to whether it worked. */
export async function copy(words: string): Promise<boolean> {
  // #ifdef H5
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(words)
      return true
    }
  } catch {
    // Refused by the browser: fall through to the old way.
  }
  // #endif
  return new Promise((resolve) =>
    uni.setClipboardData({
      data: words,
      showToast: false,
      success: () => resolve(true),
      fail: () => resolve(false)
    })
  )
}

/** Open a page outside this app. A mini-program may not, so it copies the address instead. */
export function openOutside(url: string): void {
  // #ifdef H5
  window.open(url, '_blank', 'noopener')
  // #endif
  // #ifndef H5
  void copy(url)
  // #endif
}

/** Bring something to just below the bar at the top. */
export function scrollToElement(selector: string): void {
  // #ifdef H5
  const element = document.querySelector(selector)
  if (!element) return
  const bar = element.closest('.page')?.querySelector('header')?.offsetHeight ?? 0
  window.scrollTo({ top: window.scrollY + element.getBoundingClientRect().top - bar - 12 })
  // #endif
  // #ifndef H5
  uni.pageScrollTo({ selector, offsetTop: -84, duration: 200, fail: () => undefined })
  // #endif
}

/** Put the chosen situation into the address, so that it can be reloaded and sent to somebody. */
export function rememberInAddress(path: string): void {
  // #ifdef H5
  const { pathname, search } = window.location
  window.history.replaceState({ ...window.history.state, current: path }, '', `${pathname}${search}#${path}`)
  // #endif
  // #ifndef H5
  void path
  // #endif
}

/** The full address of a page of this app, to be sent to others; empty where there is none. */
export function addressOf(path: string): string {
  // #ifdef H5
  return `${window.location.origin}${window.location.pathname}#${path}`
  // #endif
  // #ifndef H5
  return path && ''
  // #endif
}
