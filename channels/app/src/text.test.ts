import { expect, it } from 'vitest'
import { text } from '@/text'

function sentences(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(sentences)
}

it('has nothing empty in it', () => {
  expect(sentences(text).filter((sentence) => !sentence.trim())).toEqual([])
})

it('uses the full-width punctuation of Chinese', () => {
  const halfWidth = /[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]/

  expect(sentences(text).filter((sentence) => halfWidth.test(sentence))).toEqual([])
})

it('puts a space between Chinese and digits', () => {
  const tight = /[\u4e00-\u9fff]\d|\d[\u4e00-\u9fff]/

  expect(sentences(text).filter((sentence) => tight.test(sentence))).toEqual([])
})
