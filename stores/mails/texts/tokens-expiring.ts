/** Tells a member, or who looks after a department, that tokens expire soon. */
import type { MailLanguage } from '../mail-language.ts'
import { singleLine } from '../single-line.ts'
import { writeLetter, type MailText } from '../write-letter.ts'

export interface TokensExpiring {
  /** Of the addressee. */
  name: string
  /** Whose: the member's own, the department's, or those of its pool. */
  of: 'member' | 'department' | 'pool'
  department: string
  /** Whole tokens, possibly with a fraction. */
  tokens: number
  /** The last local day on which they can be spent, as 2027-01-31. */
  lastDay: string
  /** Null when the studio does not know its own address. */
  page: string | null
}

export function tokensExpiring(language: MailLanguage, facts: TokensExpiring): MailText {
  const { subject, paragraphs } = language === 'ko' ? korean(facts) : english(facts)
  return {
    subject,
    text: writeLetter(language, facts.name, paragraphs),
    ...(facts.page === null ? {} : { link: facts.page }),
  }
}

function english({ of, department, tokens, lastDay, page }: TokensExpiring) {
  const amount = `${tokens.toLocaleString('en')} ${tokens === 1 ? 'token' : 'tokens'}`
  const called = singleLine(department)
  const whose = {
    member: 'of yours',
    department: `of the department "${called}"`,
    pool: `in the pool of "${called}"`,
  }[of]
  return {
    subject: `${amount} ${tokens === 1 ? 'expires' : 'expire'} after ${lastDay}`,
    paragraphs: [
      `${amount} ${whose} can be spent until the end of ${lastDay} and ${tokens === 1 ? 'expires' : 'expire'} then.`,
      page === null ? 'The page "Tokens" shows all of them.' : `All of them: ${page}`,
    ],
  }
}

function korean({ of, department, tokens, lastDay, page }: TokensExpiring) {
  const amount = `토큰 ${tokens.toLocaleString('ko')}개`
  const called = singleLine(department)
  const whose = { member: '보유하신', department: `"${called}" 부서의`, pool: `"${called}" 공용 풀의` }[of]
  return {
    subject: `${amount}가 ${lastDay} 이후 만료됩니다`,
    paragraphs: [
      `${whose} ${amount}는 ${lastDay}까지 사용하실 수 있으며 그 뒤에 만료됩니다.`,
      page === null ? '"토큰" 페이지에서 모두 확인하실 수 있습니다.' : `모두 보기: ${page}`,
    ],
  }
}
