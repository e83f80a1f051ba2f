/** Tells administrators that somebody has signed up and waits for their approval. */
import type { MailLanguage } from '../mail-language.ts'
import { singleLine } from '../single-line.ts'
import { writeLetter, type MailText } from '../write-letter.ts'

export interface GuestWaits {
  /** Of the addressee. */
  name: string
  guest: { name: string; loginId: string; email: string }
  department: string
  /** How long the guest waits before the request ends. */
  days: number
}

export function guestWaits(language: MailLanguage, { name, guest, department, days }: GuestWaits): MailText {
  const who = `${singleLine(guest.name)} (${guest.loginId}, ${guest.email})`
  const where = singleLine(department)
  if (language === 'ko')
    return {
      subject: `가입 승인 요청: ${singleLine(guest.name)}`,
      text: writeLetter(language, name, [
        `${who} 님이 "${where}" 부서로 가입을 요청했습니다.`,
        `"구성원" 페이지에서 승인하거나 거절해 주세요. ${days}일이 지나면 요청이 삭제됩니다.`,
      ]),
    }
  return {
    subject: `To approve: ${singleLine(guest.name)}`,
    text: writeLetter(language, name, [
      `${who} has signed up for the department "${where}".`,
      `Approve or reject them on the page "Members". After ${days} days the request is removed.`,
    ]),
  }
}
