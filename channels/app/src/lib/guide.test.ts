import { describe, expect, it } from 'vitest'
import type { Fee, Guide, Material, TimeLimit } from '@/api/types'
import {
  checklistText,
  choose,
  copies,
  factsFor,
  feeAmount,
  feeInShort,
  isSituationClear,
  materialHints,
  timeInShort,
  validSituations
} from '@/lib/guide'

const material = (name: string, more: Partial<Material> = {}): Material => ({
  name,
  type: '原件',
  form: '纸质',
  necessity: '必要',
  original_count: 1,
  copy_count: 0,
  source: '申请人自备',
  ...more
})

const fee = (more: Partial<Fee> = {}): Fee => ({ name: '工本费', amount_fen: 4000, ...more })

const limit = (more: Partial<TimeLimit> = {}): TimeLimit => ({ kind: '法定', value: 60, unit: '自然日', ...more })

const guide = (more: Partial<Guide> = {}): Guide => ({
  service_id: 'idcard-lost',
  version: 3,
  name: '居民身份证丢失补领',
  summary: '',
  department: '公安机关',
  handling_type: '承诺件',
  audience: ['自然人'],
  themes: [],
  situation_groups: [
    {
      question: '您在哪里补领？',
      multiple: false,
      options: [
        { situation_id: 'a', label: '在户籍地补领' },
        { situation_id: 'b', label: '在异地补领' }
      ]
    }
  ],
  conditions: [],
  materials: [
    material('居民户口簿', { situations: ['a'] }),
    material('居住证', { situations: ['b'], copy_count: 2 }),
    material('申领登记表', { filled_on_site: true })
  ],
  charged: true,
  fees: [fee()],
  limits: [limit(), limit({ kind: '承诺', value: null, unit: null, local: true, note: '约 20 个工作日' })],
  special_procedures: [],
  channels: [],
  online: { depth: 'Ⅱ' },
  onsite_visits: 1,
  agents: [],
  places: [],
  steps: [],
  results: [],
  deliveries: [],
  legal_basis: [],
  faqs: [],
  notes: [],
  related: [],
  ask_locally: '就近派出所或 12345 热线',
  checked_on: '2026-11-22',
  sources: [],
  ...more
})

describe('the materials of a situation', () => {
  const names = (chosen: string[]) => factsFor(guide().materials, chosen).map(({ name }) => name)

  it('hold what is always needed and what this situation needs', () => {
    expect(names(['b'])).toEqual(['居住证', '申领登记表'])
  })

  it('are only what everybody needs while nothing is chosen', () => {
    expect(names([])).toEqual(['申领登记表'])
  })
})

describe('situations in an address', () => {
  it('are ignored when the guide does not know them', () => {
    expect(validSituations(guide(), ['z', 'b'])).toEqual(['b'])
  })

  it('cannot answer one question twice', () => {
    expect(validSituations(guide(), ['b', 'a'])).toEqual(['a'])
  })

  it('need not be chosen where there is only one', () => {
    const [group] = guide().situation_groups
    const single = guide({ situation_groups: [{ ...group, options: [group.options[0]] }] })

    expect(validSituations(single, [])).toEqual(['a'])
  })
})

describe('choosing', () => {
  it('replaces the other answer to the same question', () => {
    expect(choose(guide(), ['a'], 'b')).toEqual(['b'])
  })

  it('toggles where several answers are allowed', () => {
    const [group] = guide().situation_groups
    const several = guide({ situation_groups: [{ ...group, multiple: true }] })

    expect(choose(several, ['a'], 'b')).toEqual(['a', 'b'])
    expect(choose(several, ['a', 'b'], 'a')).toEqual(['b'])
  })

  it('makes the situation clear', () => {
    expect(isSituationClear(guide(), [])).toBe(false)
    expect(isSituationClear(guide(), ['b'])).toBe(true)
  })
})

describe('money', () => {
  it('is said in yuan with its unit', () => {
    expect(feeAmount(fee({ unit: '证' }))).toBe('40 元/证')
    expect(feeAmount(fee({ amount_fen: 1050 }))).toBe('10.50 元')
    expect(feeAmount(fee({ amount_fen: null, amount_text: '按面积计' }))).toBe('按面积计')
  })

  it('depends on the situation while none is chosen', () => {
    const both = guide({ fees: [fee({ situations: ['a'] }), fee({ amount_fen: 2000, situations: ['b'] })] })

    expect(feeInShort(both, [])).toBe('看情形')
    expect(feeInShort(both, ['b'])).toBe('20 元')
  })

  it('is a range where charges differ, and marked where an office may differ', () => {
    const two = guide({ fees: [fee({ situations: ['a'] }), fee({ amount_fen: 2000, situations: ['a'] })] })

    expect(feeInShort(two, ['a'])).toBe('每项 20–40 元')
    expect(feeInShort(guide({ fees: [fee({ local: true })] }), [])).toBe('40 元（以当地为准）')
  })

  it('never counts what others collect', () => {
    expect(feeInShort(guide({ fees: [fee(), fee({ amount_fen: 900, collected_by_others: true })] }), [])).toBe('40 元')
  })

  it('is nothing where nothing is charged', () => {
    expect(feeInShort(guide({ charged: false, fees: [] }), [])).toBe('不收费')
  })
})

describe('time', () => {
  it('names the promise first, and never converts units', () => {
    expect(timeInShort(guide({ limits: [limit(), limit({ kind: '承诺', value: 5, unit: '工作日' })] }), [])).toBe(
      '5 个工作日内'
    )
  })

  it('says so when the promise differs from place to place', () => {
    expect(timeInShort(guide(), [])).toBe('法定 60 日内，承诺时间各地不同')
  })

  it('is on the spot where it is', () => {
    expect(timeInShort(guide({ limits: [limit({ kind: '承诺', value: 0, unit: '当场' })] }), [])).toBe('当场办结')
  })
})

describe('a material', () => {
  it('says how many originals and copies', () => {
    expect(copies(material('居住证', { copy_count: 2 }))).toBe('原件 1 份、复印件 2 份')
    expect(copies(material('照片', { type: '复印件', original_count: 0, copy_count: 1 }))).toBe('复印件 1 份')
    expect(copies(material('登记表', { filled_on_site: true }))).toBe('现场填写')
  })

  it('says each hint once', () => {
    const hints = materialHints(material('户口簿', { note: '免带', waiver: { kind: '数据共享', note: '免带' } }))

    expect(hints).toEqual(['免带'])
  })
})

describe('the copied checklist', () => {
  it('carries situation, ticks, fee, time and where it comes from', () => {
    expect(checklistText(guide(), ['b'], ['居住证'])).toBe(
      [
        '《居民身份证丢失补领》要带的材料',
        '您的情形：在异地补领',
        '☑ 1. 居住证（原件 1 份、复印件 2 份）',
        '☐ 2. 申领登记表（现场填写）',
        '费用：40 元',
        '办理时间：法定 60 日内，承诺时间各地不同',
        '来自办事指南第 3 版，核对日期 2026-11-22。各地有差别的，请先问就近派出所或 12345 热线。'
      ].join('\n')
    )
  })
})
