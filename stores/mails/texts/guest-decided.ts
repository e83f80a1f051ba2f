/** Tells somebody who has signed up whether an administrator let them in. */
import type { MailLanguage } from '../mail-language.ts'
import { singleLine } from '../single-line.ts'
import { writeLetter, type MailText } from '../write-letter.ts'

export interface GuestDecided {
  name: string
  approved: boolean
  department: string
  /** What the administrator wrote, if anything. */
  reason?: string | undefined
}

export function guestDecided(language: MailLanguage, facts: GuestDecided): MailText {
  const { name, approved, reason } = facts
  const department = singleLine(facts.department)
  const words = (language === 'ko' ? korean : english)(approved, department)
  const paragraphs = [words.says, ...(reason ? [`${words.reason} ${singleLine(reason)}`] : []), words.next]
  return { subject: words.subject, text: writeLetter(language, name, paragraphs) }
}

const english = (approved: boolean, department: string) =>
  approved
    ? {
        subject: 'Your account is approved',
        says: `you are now a member of the department "${department}".`,
        reason: 'The administrator writes:',
        next: 'Sign in with your login id and password.',
      }
    : {
        subject: 'Your account was not approved',
        says: `an administrator of the department "${department}" has not approved your account. What you entered was removed.`,
        reason: 'The reason given:',
        next: 'If you think that this is a mistake, talk to them, and sign up again.',
      }

const korean = (approved: boolean, department: string) =>
  approved
    ? {
        subject: '가입이 승인되었습니다',
        says: `"${department}" 부서의 구성원이 되셨습니다.`,
        reason: '관리자의 말:',
        next: '로그인 아이디와 비밀번호로 로그인해 주세요.',
      }
    : {
        subject: '가입이 승인되지 않았습니다',
        says: `"${department}" 부서의 관리자가 가입을 승인하지 않았습니다. 입력하신 정보는 삭제되었습니다.`,
        reason: '사유:',
        next: '착오라고 생각되시면 관리자에게 문의하신 뒤 다시 가입해 주세요.',
      }
