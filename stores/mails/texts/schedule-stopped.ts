/** Tells the owner of a schedule and the administrators that it has stopped itself, and why. */
import type { MailLanguage } from '../mail-language.ts'
import { singleLine } from '../single-line.ts'
import { writeLetter, type MailText } from '../write-letter.ts'

export interface ScheduleStopped {
  name: string
  schedule: string
  /** As the run was refused, in English. */
  because: string
}

export function scheduleStopped(
  language: MailLanguage,
  { name, schedule, because }: ScheduleStopped,
): MailText {
  const called = singleLine(schedule)
  if (language === 'ko')
    return {
      subject: `예약 "${called}"이(가) 멈췄습니다`,
      text: writeLetter(language, name, [
        `예약 "${called}"이(가) 스스로 멈췄습니다. 이유: ${singleLine(because)}`,
        '문제를 해결한 뒤 "예약" 페이지에서 다시 시작해 주세요.',
      ]),
    }
  return {
    subject: `The schedule "${called}" has stopped`,
    text: writeLetter(language, name, [
      `the schedule "${called}" has stopped itself: ${singleLine(because)}`,
      'Mend that, then resume it on the page "Schedules".',
    ]),
  }
}
