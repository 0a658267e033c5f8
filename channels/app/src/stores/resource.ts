import { ref, shallowRef } from 'vue'
import { newestOnly } from '@/lib/latest'
import { type ApiProblem, toProblem } from '@/lib/problem'

/** Something fetched: loading, there, or gone wrong; the newest request wins. */
export function useResource<Value, Arguments extends unknown[]>(
  fetch: (...values: Arguments) => Promise<Value>
) {
  const value = shallowRef<Value | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = ref(false)
  const tickets = newestOnly()

  async function load(...values: Arguments): Promise<void> {
    const wanted = tickets.take()
    loading.value = true
    problem.value = null
    try {
      const found = await fetch(...values)
      if (wanted()) value.value = found
    } catch (error) {
      if (wanted()) problem.value = toProblem(error)
    } finally {
      if (wanted()) loading.value = false
    }
  }

  return { value, problem, loading, load }
}
