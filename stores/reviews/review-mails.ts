/** What a review says by mail: that it waits, and that it still does. */
import type { Mail } from '../mails/queue-mail.ts'
import { singleLine } from '../mails/single-line.ts'
import type { AskedMember } from './asked-members.ts'

export interface ReviewLetter {
  reviewId: string
  title: string
  question: string
  graphName: string
  /** How many pictures nobody has decided about. */
  undecided: number
  /** Address of the studio; null when it is not known. */
  publicUrl: string | null
}

/** @param round 0 for the first mail, then 1, 2, 3 … for each reminder. */
export function reviewMail(letter: ReviewLetter, member: AskedMember, round: number): Mail {
  const pictures = `${letter.undecided} ${letter.undecided === 1 ? 'picture' : 'pictures'}`
  const waits = round === 0 ? 'waits' : 'still waits'
  const page = letter.publicUrl ? new URL(`/reviews/${letter.reviewId}`, letter.publicUrl).href : null
  const lines = [
    `Hello ${singleLine(member.name)},`,
    '',
    `a run of "${singleLine(letter.graphName)}" ${waits} for somebody to look at ${pictures}.`,
    '',
    singleLine(letter.question),
    '',
    page === null ? 'You find it on the page "Reviews".' : `Look at it here: ${page}`,
    '',
    'DefectStudio',
  ]
  return {
    key:
      round === 0
        ? `review-${letter.reviewId}-${member.id}`
        : `review-${letter.reviewId}-${member.id}-${round}`,
    to: { name: member.name, address: member.email },
    subject: `${round === 0 ? 'To review' : 'Reminder'}: ${singleLine(letter.title)} (${pictures})`,
    text: `${lines.join('\n')}\n`,
  }
}
