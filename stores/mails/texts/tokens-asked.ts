/** Tells the administrators of a department that a member asks for tokens. */
import type { MailLanguage } from '../mail-language.ts'
import { singleLine } from '../single-line.ts'
import { writeLetter, type MailText } from '../write-letter.ts'

export interface TokensAsked {
  /** Of the addressee. */
  name: string
  member: string
  department: string
  /** Whole tokens. */
  amount: number
  reason: string
  page: string | null
}

export function tokensAsked(language: MailLanguage, facts: TokensAsked): MailText {
  const { name, member, department, amount, reason, page } = facts
  const who = singleLine(member)
  const called = singleLine(department)
  const because = singleLine(reason)
  const link = page === null ? {} : { link: page }
  if (language === 'ko')
    return {
      subject: `${who}님이 토큰 ${amount.toLocaleString('ko')}개를 요청했습니다`,
      text: writeLetter(language, name, [
        `"${called}" 부서의 ${who}님이 토큰 ${amount.toLocaleString('ko')}개를 요청했습니다.`,
        `사유: ${because}`,
        page === null ? '"토큰" 페이지에서 승인하거나 거절해 주세요.' : `승인 또는 거절: ${page}`,
      ]),
      ...link,
    }
  const tokens = `${amount.toLocaleString('en')} ${amount === 1 ? 'token' : 'tokens'}`
  return {
    subject: `${who} asks for ${tokens}`,
    text: writeLetter(language, name, [
      `${who} of the department "${called}" asks for ${tokens}.`,
      `Reason: ${because}`,
      page === null ? 'Approve or decline it on the page "Tokens".' : `Approve or decline it: ${page}`,
    ]),
    ...link,
  }
}
