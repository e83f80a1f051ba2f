/** What a review says by mail: that it waits, and that it still does. */
import type { MailLanguage } from '../mail-language.ts'
import { singleLine } from '../single-line.ts'
import { writeLetter, type MailText } from '../write-letter.ts'

export interface ReviewWaits {
  /** Of the addressee. */
  name: string
  title: string
  question: string
  graphName: string
  /** How many pictures nobody has decided about. */
  undecided: number
  /** Whether it was asked before. */
  isReminder: boolean
  /** Address of the review; null when the studio does not know its own. */
  page: string | null
}

export function reviewWaits(language: MailLanguage, facts: ReviewWaits): MailText {
  const { subject, paragraphs } = language === 'ko' ? korean(facts) : english(facts)
  const asked = singleLine(facts.question)
  const [waits = '', where = ''] = paragraphs
  return {
    subject,
    text: writeLetter(language, facts.name, asked === '' ? [waits, where] : [waits, asked, where]),
    ...(facts.page === null ? {} : { link: facts.page }),
  }
}

function english({ title, graphName, undecided, isReminder, page }: ReviewWaits) {
  const pictures = `${undecided} ${undecided === 1 ? 'picture' : 'pictures'}`
  const waits = isReminder ? 'still waits' : 'waits'
  return {
    subject: `${isReminder ? 'Reminder' : 'To review'}: ${singleLine(title)} (${pictures})`,
    paragraphs: [
      `a run of "${singleLine(graphName)}" ${waits} for somebody to look at ${pictures}.`,
      page === null ? 'You find it on the page "Reviews".' : `Look at it here: ${page}`,
    ],
  }
}

function korean({ title, graphName, undecided, isReminder, page }: ReviewWaits) {
  const pictures = `이미지 ${undecided}장`
  return {
    subject: `${isReminder ? '다시 알림' : '검토 요청'}: ${singleLine(title)} (${pictures})`,
    paragraphs: [
      `"${singleLine(graphName)}" 실행이 ${isReminder ? '아직 ' : ''}${pictures}의 검토를 기다리고 있습니다.`,
      page === null ? '"검토" 페이지에서 확인하실 수 있습니다.' : `여기에서 확인해 주세요: ${page}`,
    ],
  }
}
