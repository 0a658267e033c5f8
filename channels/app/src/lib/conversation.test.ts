import { describe, expect, it } from 'vitest'
import type { BotReply } from '@/api/types'
import {
  type Answer,
  NEW_CONVERSATION,
  answered,
  ask,
  canJudge,
  failed,
  guideAction,
  isWaiting,
  judged,
  readConversation,
  retried,
  spoken
} from '@/lib/conversation'

const reply = (more: Partial<BotReply> = {}): BotReply => ({
  conversation_id: 'c1',
  message_id: 'm1',
  segments: [{ type: 'text', text: '带户口簿。' }],
  plain: '带户口簿。',
  understanding: { decision: 'answer' },
  sources: [],
  ...more
})

describe('a conversation', () => {
  it('waits for the answer, then keeps its id', () => {
    const [asked, question] = ask(NEW_CONVERSATION, '身份证丢了', null)
    const done = answered(asked, question.key, reply())

    expect(isWaiting(asked)).toBe(true)
    expect(isWaiting(done)).toBe(false)
    expect(done.id).toBe('c1')
    expect(done.entries.map((entry) => entry.from)).toEqual(['citizen', 'bot'])
  })

  it('keeps a question that could not be sent, and sends it again where it stands', () => {
    const [first, question] = ask(NEW_CONVERSATION, '身份证丢了', null)
    const lost = failed(first, question.key)
    const [second] = ask(lost, '还有费用呢', null)
    const again = answered(retried(second, question.key), question.key, reply())

    expect(lost.entries).toMatchObject([{ text: '身份证丢了', state: 'failed' }])
    expect(again.entries.map((entry) => entry.key)).toEqual(['q1', 'a-q1', 'q2'])
  })

  it('remembers what a citizen thought of an answer', () => {
    const [asked, question] = ask(NEW_CONVERSATION, '身份证丢了', null)
    const talk = judged(answered(asked, question.key, reply()), 'a-q1', false)

    expect(talk.entries[1]).toMatchObject({ useful: false })
  })

  it('does not ask for an opinion on small talk or a question back', () => {
    const answer = (decision: BotReply['understanding']['decision']): Answer => ({
      from: 'bot',
      key: 'a',
      useful: null,
      reply: reply({ understanding: { decision } })
    })

    expect(canJudge(answer('answer'))).toBe(true)
    expect(canJudge(answer('clarify'))).toBe(false)
    expect(canJudge(answer('smalltalk'))).toBe(false)
  })

  it('survives a reload; what was on its way then counts as not sent', () => {
    const [asked] = ask(NEW_CONVERSATION, '身份证丢了', null)
    const read = readConversation(JSON.parse(JSON.stringify(asked)))

    expect(read.entries).toMatchObject([{ state: 'failed' }])
  })

  it.each([null, 'x', {}, { entries: 'x', asked: 1 }])('starts anew when %o was kept', (kept) => {
    expect(readConversation(kept)).toEqual(NEW_CONVERSATION)
  })

  it('can be about a guide without the bot having to guess which', () => {
    expect(guideAction('idcard-lost', ['b'])).toBe('guide:idcard-lost:b:-')
    expect(guideAction('idcard-lost', [])).toBe('guide:idcard-lost:-:-')
    expect(guideAction('x', ['a', 'b'])).toBe('guide:x:-:-')
  })

  it('is read aloud without its buttons', () => {
    const words = spoken([
      { type: 'text', text: '要看情形' },
      { type: 'choices', prompt: '您在哪里补领？', options: [{ label: '异地', action: 'x' }] },
      { type: 'card', title: '补领', fields: [['费用', '40 元']] },
      { type: 'handoff', queue_position: null }
    ])

    expect(words).toBe('要看情形。您在哪里补领？。补领，费用：40 元')
  })
})
