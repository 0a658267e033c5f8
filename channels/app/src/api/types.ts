/** What the API answers (docs: /docs). Names are the API's own, so that a reader can compare them. */

export interface Page<Item> {
  items: Item[]
  total: number
  page: number
  page_size: number
}

/** A row of `GET /api/v1/services`. */
export interface ServiceItem {
  service_id: string
  code: string | null
  name: string
  department: string
  promised_time: string
  fee_summary: string
  bookable: boolean
  payable: boolean
  online_depth: string | null
}

export type Audience = 'person' | 'company'

/** A fact that may hold for some situations only, and may differ from place to place. */
export interface Fact {
  situations?: string[]
  local?: boolean
  basis?: string | null
}

export interface Situation {
  situation_id: string
  label: string
  note?: string | null
}

export interface SituationGroup {
  question: string
  multiple: boolean
  options: Situation[]
}

export interface Material extends Fact {
  name: string
  type: string
  form: string
  necessity: string
  original_count: number
  copy_count: number
  page_format?: string | null
  source: string
  source_note?: string | null
  filled_on_site?: boolean
  blank_form_url?: string | null
  sample_url?: string | null
  fill_note?: string | null
  accept_standard?: string | null
  applies_when?: string | null
  signature?: string | null
  waiver?: { kind: string; note?: string | null; local?: boolean } | null
  note?: string | null
}

export interface Fee extends Fact {
  name: string
  amount_fen: number | null
  unit?: string | null
  amount_text?: string | null
  reducible?: boolean
  reduction?: string | null
  collected_by_others?: boolean
  note?: string | null
}

export interface TimeLimit extends Fact {
  kind: string
  value: number | null
  unit: string | null
  note?: string | null
}

export interface Condition extends Fact {
  text: string
  accepts: boolean
}

export interface Channel extends Fact {
  kind: string
  name?: string | null
  url?: string | null
  note?: string | null
}

export interface AgentRule extends Fact {
  allowed: boolean
  text: string
}

export interface Place extends Fact {
  name: string
  address?: string | null
  window?: string | null
  phone?: string | null
  hours?: string | null
  transit?: string | null
  note?: string | null
}

export interface Step extends Fact {
  name: string
  text: string
  limit?: string | null
  result?: string | null
}

export interface Result extends Fact {
  name: string
  kind: string
  validity?: string | null
  note?: string | null
}

export interface Delivery extends Fact {
  kind: string
  note?: string | null
}

export interface Faq extends Fact {
  question: string
  answer: string
}

export interface Note extends Fact {
  text: string
}

export interface LegalBasis {
  title: string
  document_no?: string | null
  article?: string | null
  text?: string | null
  url?: string | null
}

/** `GET /api/v1/services/{service_id}`: the whole guide; only what this app shows is listed. */
export interface Guide {
  service_id: string
  version: number
  name: string
  summary: string
  department: string
  handling_type: string
  audience: string[]
  themes: string[]
  situation_groups: SituationGroup[]
  conditions: Condition[]
  materials: Material[]
  charged: boolean | null
  fees: Fee[]
  fee_note?: string | null
  limits: TimeLimit[]
  special_procedures: { name: string; limit?: string | null }[]
  channels: Channel[]
  online: { depth: string | null; local?: boolean; note?: string | null }
  onsite_visits: number | null
  onsite_reason?: string | null
  cross_region?: string | null
  agents: AgentRule[]
  places: Place[]
  steps: Step[]
  results: Result[]
  deliveries: Delivery[]
  consult_phone?: string | null
  complain_phone?: string | null
  consult_note?: string | null
  progress_query?: string | null
  remedies?: { reconsideration: string; litigation: string } | null
  legal_basis: LegalBasis[]
  faqs: Faq[]
  notes: Note[]
  related: string[]
  ask_locally: string
  checked_on: string
  sources: { name: string; url?: string | null }[]
}

export interface HallWindow {
  window_no: string
  name: string
  floor: string
  departments: string[]
}

export interface Hall {
  hall_id: string
  name: string
  address: string
  hours: string
  phone: string | null
  transit: string | null
  note: string | null
  map: { latitude: number; longitude: number; url: string }
  windows: HallWindow[]
  /** `live` false: nobody counts here yet, so the figures mean nothing. */
  queue: { waiting: number; estimated_minutes: [number, number]; live: boolean }
}

export interface TextSegment {
  type: 'text'
  text: string
}

export interface ChoicesSegment {
  type: 'choices'
  prompt: string
  options: { label: string; action: string }[]
}

export interface CardSegment {
  type: 'card'
  title: string
  fields: [string, string][]
  action?: string | null
  url?: string | null
}

export interface HandoffSegment {
  type: 'handoff'
  text?: string
  queue_position: number | null
}

export type Segment = TextSegment | ChoicesSegment | CardSegment | HandoffSegment

export interface ReplySource {
  service_id: string
  service_name?: string | null
  version: number
  checked_on: string
  section: string
}

export type Decision = 'answer' | 'clarify' | 'suggest' | 'decline' | 'handoff' | 'smalltalk'

/** `POST /api/v1/bot/messages` → */
export interface BotReply {
  conversation_id: string
  message_id?: string | null
  segments: Segment[]
  plain: string
  understanding: {
    decision: Decision
    aspect?: string | null
    service_id?: string | null
    service_name?: string | null
    situation_id?: string | null
    confidence?: number
  }
  sources: ReplySource[]
}
