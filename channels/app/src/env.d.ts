/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Where the API lives, for mini-programs: https://… without a trailing slash. */
  readonly VITE_API_BASE?: string
}

declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}
