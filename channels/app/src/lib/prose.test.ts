import { describe, expect, it } from 'vitest'
import { dialable, toLines } from '@/lib/prose'

describe('a long answer', () => {
  it('becomes headings, points and paragraphs', () => {
    const lines = toLines('【补领·材料】\n\n请带：\n1. 户口簿\n２、不是编号\n（2）照片\n- 申请表\r\n带齐就能办。')

    expect(lines).toEqual([
      { kind: 'heading', mark: '', text: '补领·材料' },
      { kind: 'paragraph', mark: '', text: '请带：' },
      { kind: 'point', mark: '1.', text: '户口簿' },
      { kind: 'paragraph', mark: '', text: '２、不是编号' },
      { kind: 'point', mark: '（2）', text: '照片' },
      { kind: 'point', mark: '•', text: '申请表' },
      { kind: 'paragraph', mark: '', text: '带齐就能办。' }
    ])
  })

  it('is never read as markup', () => {
    expect(toLines('<img src=x onerror=alert(1)>')).toEqual([
      { kind: 'paragraph', mark: '', text: '<img src=x onerror=alert(1)>' }
    ])
  })

  it('does not take a sum of money or a date for a numbered point', () => {
    expect(toLines('40 元')[0].kind).toBe('paragraph')
    expect(toLines('2026.11.22 核对')[0].kind).toBe('paragraph')
    expect(toLines('1.5 倍')[0].kind).toBe('paragraph')
  })
})

describe('a telephone number', () => {
  it.each([
    ['12345', '12345'],
    ['咨询 0512-12345678 转 3', '0512-12345678'],
    ['12345、12333', '12345'],
    ['手机 13800138000', '13800138000'],
    ['暂无', ''],
    [null, '']
  ])('in %s is %s', (words, number) => {
    expect(dialable(words)).toBe(number)
  })
})
