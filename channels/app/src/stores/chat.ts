import { computed, ref, watch } from 'vue'
import { askBot, judgeReply } from '@/api/bot'
import {
  type Answer,
  type Conversation,
  type Question,
  NEW_CONVERSATION,
  answered,
  ask,
  failed,
  isWaiting,
  judged,
  readConversation,
  retried,
  spoken
} from '@/lib/conversation'
import { visit } from '@/stores/device'

const KEY = 'conversation'

export const talk = ref<Conversation>(readConversation(visit.read(KEY)))
export const waiting = computed(() => isWaiting(talk.value))

/** The newest answer, for the live region. */
export const lastSpoken = ref('')

watch(talk, (now) => visit.write(KEY, now))

async function deliver(question: Question): Promise<void> {
  const asked = talk.value.asked
  try {
    const reply = await askBot({
      text: question.text,
      conversation_id: talk.value.id,
      action: question.action
    })
    if (talk.value.asked < asked) return // started over meanwhile
    talk.value = answered(talk.value, question.key, reply)
    lastSpoken.value = spoken(reply.segments)
  } catch {
    talk.value = failed(talk.value, question.key)
  }
}

export async function askQuestion(text: string, action: string | null = null): Promise<void> {
  const [next, question] = ask(talk.value, text, action)
  talk.value = next
  await deliver(question)
}

export async function askAgain(question: Question): Promise<void> {
  talk.value = retried(talk.value, question.key)
  await deliver(question)
}

/** Say whether an answer helped. A lost opinion is not worth disturbing anybody for. */
export async function judge(answer: Answer, useful: boolean, reason: string | null = null): Promise<void> {
  talk.value = judged(talk.value, answer.key, useful)
  const { conversation_id, message_id } = answer.reply
  if (!message_id) return
  try {
    await judgeReply({ conversation_id, message_id, useful, reason })
  } catch {
    // The bubble keeps the citizen's choice either way.
  }
}

export function startOver(): void {
  talk.value = NEW_CONVERSATION
  lastSpoken.value = ''
}
