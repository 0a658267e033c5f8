import { ref } from 'vue'

export const online = ref(true)

/** Call once, when the app starts. */
export function watchNetwork(): void {
  // #ifdef H5
  const look = () => (online.value = navigator.onLine)
  window.addEventListener('online', look)
  window.addEventListener('offline', look)
  look()
  // #endif
  // #ifndef H5
  uni.getNetworkType({ success: ({ networkType }) => (online.value = networkType !== 'none') })
  uni.onNetworkStatusChange(({ isConnected }) => (online.value = isConnected))
  // #endif
}
