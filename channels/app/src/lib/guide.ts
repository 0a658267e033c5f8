/** A guide, read for one citizen: only what holds in their situation, in plain sentences. */

import type { Fact, Fee, Guide, Material, TimeLimit } from '@/api/types'
import { feeSummary, promisedTime, yuan } from '@/lib/phrases'
import { text } from '@/text'

/** Facts for these situations; with none chosen: those that hold in every situation. */
export function factsFor<F extends Fact>(facts: readonly F[] | undefined, chosen: readonly string[]): F[] {
  return (facts ?? []).filter(
    ({ situations }) => !situations?.length || situations.some((id) => chosen.includes(id))
  )
}

/** The situations of an address that this guide really has, in the guide's own order, at most one of each single-choice group. */
export function validSituations(guide: Guide, wanted: readonly string[]): string[] {
  return guide.situation_groups.flatMap(({ options, multiple }) => {
    const ids = options.map((option) => option.situation_id)
    const known = ids.filter((id) => wanted.includes(id))
    if (known.length === 0 && ids.length === 1) return ids
    return multiple ? known : known.slice(0, 1)
  })
}

/** Choose an option: in a single-choice group it replaces the other, in a multiple one it toggles. */
export function choose(guide: Guide, chosen: readonly string[], id: string): string[] {
  const group = guide.situation_groups.find((g) => g.options.some((o) => o.situation_id === id))
  if (!group) return [...chosen]
  if (group.multiple) {
    return chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]
  }
  const others = group.options.map((option) => option.situation_id)
  return [...chosen.filter((other) => !others.includes(other)), id]
}

/** Whether every single-choice question of the guide has its answer. */
export function isSituationClear(guide: Guide, chosen: readonly string[]): boolean {
  return guide.situation_groups
    .filter((group) => !group.multiple)
    .every(({ options }) => options.some((option) => chosen.includes(option.situation_id)))
}

export function situationLabels(guide: Guide, chosen: readonly string[]): string[] {
  return guide.situation_groups
    .flatMap((group) => group.options)
    .filter((option) => chosen.includes(option.situation_id))
    .map((option) => option.label)
}

/** `40 元/证`, or what is known when there is no amount. */
export function feeAmount(fee: Fee): string {
  if (fee.amount_fen === null) return fee.amount_text ?? text.guide.feeUnknown
  if (fee.amount_fen === 0) return text.guide.free
  const amount = `${yuan(fee.amount_fen)} 元`
  return fee.unit ? `${amount}/${fee.unit}` : amount
}

/** One short sentence for the head of the page. */
export function feeInShort(guide: Guide, chosen: readonly string[]): string {
  const fees = factsFor(guide.fees, chosen)
  const turnsOnSituation = fees.length === 0 && guide.fees.length > 0 && guide.charged !== false
  return turnsOnSituation && !isSituationClear(guide, chosen) ? text.guide.feeBySituation : feeSummary(guide, fees)
}

export function timeInShort(guide: Guide, chosen: readonly string[]): string {
  return promisedTime(factsFor(guide.limits, chosen))
}

/** The note of a limit that has a value; one without is nothing but its note. */
export function limitNote(limit: TimeLimit): string {
  return limit.value === null ? '' : (limit.note ?? '')
}

export function visitsInShort(guide: Guide): string {
  if (guide.onsite_visits === 0) return text.guide.noVisit
  if (guide.onsite_visits != null) return text.guide.visits(guide.onsite_visits)
  return text.guide.differsLocally
}

export function agentInShort(guide: Guide, chosen: readonly string[]): string {
  const rules = factsFor(guide.agents, chosen)
  if (rules.length === 0) return text.guide.askFirst
  if (rules.every((rule) => rule.allowed)) return text.guide.agentAllowed
  if (rules.every((rule) => !rule.allowed)) return text.guide.agentRefused
  return text.guide.agentDepends
}

/** `原件 1 份、复印件 2 份` */
export function copies(material: Material): string {
  if (material.filled_on_site) return text.guide.filledOnSite
  if (material.form === '电子') return text.guide.electronic
  const parts = [
    material.original_count > 0 && material.type !== '复印件' ? text.guide.originals(material.original_count) : '',
    material.copy_count > 0 ? text.guide.copies(material.copy_count) : '',
    material.copy_count === 0 && material.type === '复印件' ? text.guide.copies(1) : ''
  ].filter(Boolean)
  return parts.join('、')
}

/** Hints below a material, each at most once. */
export function materialHints(material: Material): string[] {
  const waiver = material.waiver ? (material.waiver.note ?? text.guide.waivers[material.waiver.kind] ?? '') : ''
  const hints = [
    material.applies_when ? text.guide.appliesWhen(material.applies_when) : '',
    material.fill_note,
    material.accept_standard,
    material.signature ? text.guide.signature(material.signature) : '',
    waiver,
    material.source_note,
    material.note
  ]
  return [...new Set(hints.filter((hint): hint is string => !!hint))]
}

/** The checklist as plain text, for copying and sharing. */
export function checklistText(guide: Guide, chosen: readonly string[], ticks: readonly string[]): string {
  const situation = situationLabels(guide, chosen).join('、')
  const materials = factsFor(guide.materials, chosen).map((material, index) => {
    const count = copies(material)
    const box = ticks.includes(material.name) ? '☑' : '☐'
    return `${box} ${index + 1}. ${material.name}${count ? `（${count}）` : ''}`
  })
  return [
    `《${guide.name}》${text.guide.materials}`,
    situation ? `${text.guide.situation}：${situation}` : '',
    ...(materials.length ? materials : [text.guide.noMaterials]),
    `${text.guide.fee}：${feeInShort(guide, chosen)}`,
    `${text.guide.time}：${timeInShort(guide, chosen)}`,
    text.guide.copiedFrom(guide.version, guide.checked_on, guide.ask_locally)
  ]
    .filter(Boolean)
    .join('\n')
}
