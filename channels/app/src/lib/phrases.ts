/** Fee and time in short, word for word as the API and the bot say them (knowledge/phrases.py). */

import type { Fee, Guide, TimeLimit } from '@/api/types'
import { text } from '@/text'

const words = text.phrases

/** 4000 → `40`, 1050 → `10.50` */
export function yuan(fen: number): string {
  return fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2)
}

function range(low: number, high: number): string {
  if (high === 0) return words.free
  return low === high ? `${yuan(low)} 元` : `${yuan(low)}–${yuan(high)} 元`
}

/** Whether some citizen may meet two of these charges at once. */
function addUp(fees: readonly Fee[]): boolean {
  const seen = new Set<string>()
  for (const { situations } of fees) {
    if (fees.length > 1 && (!situations?.length || situations.some((id) => seen.has(id)))) return true
    situations?.forEach((id) => seen.add(id))
  }
  return false
}

export function feeSummary(guide: Pick<Guide, 'charged'>, fees: readonly Fee[]): string {
  if (guide.charged === false) return words.free
  const ours = fees.filter((fee) => !fee.collected_by_others)
  const amounts = ours.map((fee) => fee.amount_fen).filter((fen): fen is number => fen !== null)
  if (amounts.length === 0) {
    return guide.charged && ours.length && !ours.some((fee) => fee.local) ? words.byStandard : words.local
  }
  const said = range(Math.min(...amounts), Math.max(...amounts))
  const each = addUp(ours) && said !== words.free ? words.each(said) : said
  const unsure = ours.some((fee) => fee.amount_fen === null || fee.local)
  return unsure ? words.unsure(each) : each
}

/** How to say a unit, and about how many hours it is: only to find the longest, never shown converted. */
const PERIODS: Record<string, [string, number]> = {
  当场: ['', 0],
  小时: ['个小时', 1],
  自然日: ['日', 24],
  工作日: ['个工作日', 34],
  月: ['个月', 730],
  年: ['年', 8760]
}

const hours = (limit: TimeLimit): number => (limit.value ?? 0) * (PERIODS[limit.unit ?? '当场']?.[1] ?? 0)

/** One limit in its own unit: `当场办结`, `60 日内`. */
export function period(limit: TimeLimit): string {
  if (limit.value === null || limit.unit === null) return limit.note || words.local
  if (limit.unit === '当场') return words.onTheSpot
  return words.within(limit.value, PERIODS[limit.unit]?.[0] ?? limit.unit)
}

function longest(limits: readonly TimeLimit[]): string {
  const valued = limits.filter((limit) => limit.value !== null && limit.unit !== null)
  if (valued.length === 0) return ''
  return period(valued.reduce((most, limit) => (hours(limit) > hours(most) ? limit : most)))
}

export function promisedTime(limits: readonly TimeLimit[]): string {
  const promised = limits.filter((limit) => limit.kind === '承诺')
  const said = longest(promised)
  if (said) return promised.some((limit) => limit.local) ? words.unsure(said) : said
  const statutory = longest(limits.filter((limit) => limit.kind === '法定'))
  if (!statutory) return words.local
  return promised.length ? words.statutoryOnly(statutory) : words.statutory(statutory)
}
