/** One short message at the bottom of the page, seen and read aloud. */

import { ref } from 'vue'

export const said = ref('')

let timer: ReturnType<typeof setTimeout> | undefined

export function say(message: string): void {
  said.value = message
  clearTimeout(timer)
  timer = setTimeout(() => (said.value = ''), 3_000)
}
