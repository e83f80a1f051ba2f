/** Tells a member that tokens came. */
import type { MailLanguage } from '../mail-language.ts'
import { singleLine } from '../single-line.ts'
import { writeLetter, type MailText } from '../write-letter.ts'

export interface TokensReceived {
  name: string
  department: string
  /** Whole tokens, possibly with a fraction. */
  tokens: number
  /** Null when the member gave them to themselves, or nobody did. */
  giver: string | null
  /** Null when the studio does not know its own address. */
  page: string | null
}

export function tokensReceived(language: MailLanguage, facts: TokensReceived): MailText {
  const { subject, paragraphs } = language === 'ko' ? korean(facts) : english(facts)
  return {
    subject,
    text: writeLetter(language, facts.name, paragraphs),
    ...(facts.page === null ? {} : { link: facts.page }),
  }
}

function english({ department, tokens, giver, page }: TokensReceived) {
  const amount = `${tokens.toLocaleString('en')} ${tokens === 1 ? 'token' : 'tokens'}`
  const from = giver === null ? '' : ` They were given by ${singleLine(giver)}.`
  return {
    subject: `You have received ${amount}`,
    paragraphs: [
      `you have received ${amount} from the department "${singleLine(department)}".${from}`,
      page === null ? 'Your balance is on the page "Tokens".' : `Your balance: ${page}`,
    ],
  }
}

function korean({ department, tokens, giver, page }: TokensReceived) {
  const amount = `토큰 ${tokens.toLocaleString('ko')}개`
  const from = giver === null ? '' : ` 지급한 사람: ${singleLine(giver)}.`
  return {
    subject: `${amount}를 받았습니다`,
    paragraphs: [
      `"${singleLine(department)}" 부서에서 ${amount}를 받았습니다.${from}`,
      page === null ? '잔액은 "토큰" 페이지에서 확인하실 수 있습니다.' : `잔액 확인: ${page}`,
    ],
  }
}
