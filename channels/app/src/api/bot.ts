import { post } from '@/api/http'
import type { BotReply } from '@/api/types'

export interface BotQuestion {
  text: string
  conversation_id: string | null
  action: string | null
}

export const askBot = (question: BotQuestion): Promise<BotReply> => post('/api/v1/bot/messages', question)

export interface BotFeedback {
  conversation_id: string
  message_id: string
  useful: boolean
  reason: string | null
}

export const judgeReply = (feedback: BotFeedback): Promise<unknown> => post('/api/v1/bot/feedback', feedback)
