/** Long answers, broken into what the eye can take: paragraphs, numbered and dotted points. */

export interface Line {
  kind: 'paragraph' | 'point' | 'heading'
  mark: string
  text: string
}

const NUMBERED = /^(\d{1,2}[.、．)](?!\d)|[（(]\d{1,2}[）)]|[①-⑳])\s*(.+)$/
const DOTTED = /^[-•·*●]\s*(.+)$/
const HEADING = /^【(.+)】$/

function toLine(raw: string): Line {
  const heading = HEADING.exec(raw)
  if (heading) return { kind: 'heading', mark: '', text: heading[1] }
  const numbered = NUMBERED.exec(raw)
  if (numbered) return { kind: 'point', mark: numbered[1].replace(/^(\d+).$/, '$1.'), text: numbered[2] }
  const dotted = DOTTED.exec(raw)
  if (dotted) return { kind: 'point', mark: '•', text: dotted[1] }
  return { kind: 'paragraph', mark: '', text: raw }
}

/** One line of the answer is one line here; empty ones vanish. Nothing is ever read as markup. */
export function toLines(answer: string): Line[] {
  return answer
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean)
    .map(toLine)
}

/** A phone number that can be dialled from `12345、0512-12345678`; empty when there is none. */
export function dialable(words: string | null | undefined): string {
  const found = /(?:0\d{2,3}-?\d{7,8})|(?:1[3-9]\d{9})|(?:\b(?:1\d{2,4}|95\d{3,4})\b)/.exec(words ?? '')
  return found ? found[0] : ''
}
