import { listHalls } from '@/api/catalogue'
import { useResource } from '@/stores/resource'

/** Halls change rarely: one request serves every page of a visit. */
export const halls = useResource(async () => (await listHalls()).items)

export function ensureHalls(): void {
  if (!halls.value.value && !halls.loading.value) void halls.load()
}
