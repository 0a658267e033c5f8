/** What this app keeps on the device. Nothing here ever leaves it. */

import type { Store } from '@/lib/checklist'

/** Kept until the citizen clears it. */
export const deviceStore: Store = {
  get: (key) => uni.getStorageSync(key) || undefined,
  set: (key, value) => uni.setStorageSync(key, value),
  remove: (key) => uni.removeStorageSync(key),
  keys: () => uni.getStorageInfoSync().keys
}

/** Kept while this visit lasts: a shared phone or terminal forgets it with the tab. */
export const visit = {
  read(key: string): unknown {
    // #ifdef H5
    try {
      return JSON.parse(sessionStorage.getItem(key) ?? 'null')
    } catch {
      return null
    }
    // #endif
    // #ifndef H5
    return null
    // #endif
  },
  write(key: string, value: unknown): void {
    // #ifdef H5
    try {
      sessionStorage.setItem(key, JSON.stringify(value))
    } catch {
      // A full or forbidden storage only costs the memory of this visit.
    }
    // #endif
  }
}
