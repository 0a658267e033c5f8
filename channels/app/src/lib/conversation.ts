/** A conversation as plain values: what was asked, what became of it, what was answered. */

import type { BotReply, Decision, Segment } from '@/api/types'

export interface Question {
  from: 'citizen'
  key: string
  text: string
  action: string | null
  state: 'sending' | 'sent' | 'failed'
}

export interface Answer {
  from: 'bot'
  key: string
  reply: BotReply
  /** What the citizen thought of it; null while nothing was said. */
  useful: boolean | null
}

export type Entry = Question | Answer

export interface Conversation {
  id: string | null
  entries: Entry[]
  asked: number
}

export const NEW_CONVERSATION: Conversation = { id: null, entries: [], asked: 0 }

export function ask(talk: Conversation, text: string, action: string | null): [Conversation, Question] {
  const asked = talk.asked + 1
  const question: Question = { from: 'citizen', key: `q${asked}`, text, action, state: 'sending' }
  return [{ ...talk, asked, entries: [...talk.entries, question] }, question]
}

function withState(talk: Conversation, key: string, state: Question['state']): Conversation {
  const entries = talk.entries.map((entry) =>
    entry.from === 'citizen' && entry.key === key ? { ...entry, state } : entry
  )
  return { ...talk, entries }
}

export function failed(talk: Conversation, key: string): Conversation {
  return withState(talk, key, 'failed')
}

/** A failed question is asked again where it stands, so nothing is typed twice. */
export function retried(talk: Conversation, key: string): Conversation {
  return withState(talk, key, 'sending')
}

export function answered(talk: Conversation, key: string, reply: BotReply): Conversation {
  const sent = withState(talk, key, 'sent')
  const answer: Answer = { from: 'bot', key: `a-${key}`, reply, useful: null }
  const at = sent.entries.findIndex((entry) => entry.key === key) + 1
  const entries = [...sent.entries.slice(0, at), answer, ...sent.entries.slice(at)]
  return { ...sent, id: reply.conversation_id, entries }
}

export function judged(talk: Conversation, key: string, useful: boolean): Conversation {
  const entries = talk.entries.map((entry) =>
    entry.from === 'bot' && entry.key === key ? { ...entry, useful } : entry
  )
  return { ...talk, entries }
}

export function isWaiting(talk: Conversation): boolean {
  return talk.entries.some((entry) => entry.from === 'citizen' && entry.state === 'sending')
}

/** Kept conversations may be damaged; a question left in flight by a reload counts as failed. */
export function readConversation(stored: unknown): Conversation {
  if (typeof stored !== 'object' || stored === null) return NEW_CONVERSATION
  const { id, entries, asked } = stored as Partial<Conversation>
  if (!Array.isArray(entries) || typeof asked !== 'number') return NEW_CONVERSATION
  return {
    id: typeof id === 'string' ? id : null,
    asked,
    entries: entries.map((entry) =>
      entry.from === 'citizen' && entry.state === 'sending' ? { ...entry, state: 'failed' } : entry
    )
  }
}

/** What a button of the bot that means "this very guide" sends back (bot/actions.py): no guessing from words. */
export function guideAction(serviceId: string, situations: readonly string[]): string {
  return `guide:${serviceId}:${situations.length === 1 ? situations[0] : '-'}:-`
}

const JUDGEABLE: readonly Decision[] = ['answer', 'suggest', 'decline']

/** Whether it makes sense to ask "was this useful?". */
export function canJudge(answer: Answer): boolean {
  return !!answer.reply.message_id && JUDGEABLE.includes(answer.reply.understanding.decision)
}

/** What a screen reader says of an answer: the words, without the buttons. */
export function spoken(segments: readonly Segment[]): string {
  return segments
    .map((segment) => {
      if (segment.type === 'choices') return segment.prompt
      if (segment.type === 'card') {
        return [segment.title, ...segment.fields.map(([name, value]) => `${name}：${value}`)].join('，')
      }
      return segment.text ?? ''
    })
    .filter(Boolean)
    .join('。')
}
