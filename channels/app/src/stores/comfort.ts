import { computed, reactive, watch } from 'vue'
import { comfortClasses, readComfort } from '@/lib/comfort'
import { deviceStore } from '@/stores/device'
import { say } from '@/stores/say'
import { text } from '@/text'

const KEY = 'comfort'

export const comfort = reactive(readComfort(deviceStore.get(KEY)))

export const pageClasses = computed(() => comfortClasses(comfort))

watch(comfort, (now) => deviceStore.set(KEY, { ...now }))

export function toggleLarge(): void {
  comfort.large = !comfort.large
  say(comfort.large ? text.app.largeSaid : text.app.ordinarySaid)
}

export function toggleContrast(): void {
  comfort.contrast = !comfort.contrast
}
