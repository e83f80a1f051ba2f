/** Tells a member what became of asking for tokens. */
import type { MailLanguage } from '../mail-language.ts'
import { singleLine } from '../single-line.ts'
import { writeLetter, type MailText } from '../write-letter.ts'

export interface TokensAnswered {
  name: string
  /** Whole tokens that were asked for. */
  asked: number
  /** Whole tokens that were given; null: declined. */
  granted: number | null
  /** What the administrator wrote, possibly nothing. */
  answer: string
  page: string | null
}

export function tokensAnswered(language: MailLanguage, facts: TokensAnswered): MailText {
  const { name, asked, granted, answer, page } = facts
  const said = singleLine(answer)
  const link = page === null ? {} : { link: page }
  if (language === 'ko') {
    const gist =
      granted === null
        ? `요청하신 토큰 ${asked.toLocaleString('ko')}개가 거절되었습니다`
        : `요청하신 토큰 ${asked.toLocaleString('ko')}개 중 ${granted.toLocaleString('ko')}개를 받았습니다`
    return {
      subject: gist,
      text: writeLetter(language, name, [
        `${gist}.`,
        ...(said ? [`답변: ${said}`] : []),
        page === null ? '"토큰" 페이지에서 확인하실 수 있습니다.' : `확인: ${page}`,
      ]),
      ...link,
    }
  }
  const count = (amount: number) => amount.toLocaleString('en')
  const gist =
    granted === null
      ? `Your request for ${count(asked)} ${asked === 1 ? 'token' : 'tokens'} was declined`
      : `You received ${count(granted)} of the ${count(asked)} ${asked === 1 ? 'token' : 'tokens'} that you asked for`
  return {
    subject: gist,
    text: writeLetter(language, name, [
      `${gist.slice(0, 1).toLowerCase()}${gist.slice(1)}.`,
      ...(said ? [`Answer: ${said}`] : []),
      page === null ? 'The page "Tokens" shows it.' : `See: ${page}`,
    ]),
    ...link,
  }
}
