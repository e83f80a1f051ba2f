/** Tells people what happened to their account, so that nobody changes it unnoticed. */
import type { MailLanguage } from '../mail-language.ts'
import { singleLine } from '../single-line.ts'
import { writeLetter, type MailText } from '../write-letter.ts'

export type AccountNews = { name: string } & (
  | { kind: 'already-member' }
  | { kind: 'password-changed' | 'second-factor-on' | 'second-factor-off' | 'deleted' }
  | { kind: 'email-changed'; newAddress: string }
  | { kind: 'identity-linked'; provider: string }
  | { kind: 'guest-removed'; days: number }
)

export function accountNews(language: MailLanguage, news: AccountNews): MailText {
  const [subject, ...paragraphs] = (language === 'ko' ? korean : english)(news)
  return { subject, text: writeLetter(language, news.name, paragraphs) }
}

type Letter = readonly [subject: string, ...paragraphs: string[]]

const notYou =
  'If that was not you, set a new password with "Forgot your password?" and tell an administrator.'
const notYouKo =
  '본인이 하신 일이 아니라면 "비밀번호를 잊으셨나요?"에서 새 비밀번호를 설정하고 관리자에게 알려 주세요.'

function english(news: AccountNews): Letter {
  switch (news.kind) {
    case 'already-member':
      return [
        'You have an account already',
        'somebody, probably you, asked for a new account with this address. It has one already: sign in, or use "Forgot your password?".',
        'If it was not you, there is nothing to do.',
      ]
    case 'password-changed':
      return [
        'Your password was changed',
        'your password was changed, and other sign-ins have ended.',
        notYou,
      ]
    case 'second-factor-on':
      return ['The second step is on', 'signing in to your account now asks for a code of your app.', notYou]
    case 'second-factor-off':
      return [
        'The second step is off',
        'signing in to your account no longer asks for a code of your app.',
        notYou,
      ]
    case 'deleted':
      return [
        'Your account was deleted',
        'your account was deleted. The work stays with the department, without your name.',
      ]
    case 'email-changed':
      return [
        'Your mail address was changed',
        `mails about your account now go to ${singleLine(news.newAddress)}.`,
        notYou,
      ]
    case 'identity-linked':
      return [
        'A new way to sign in',
        `one can now sign in to your account with ${singleLine(news.provider)}.`,
        'If that was not you, tell an administrator.',
      ]
    case 'guest-removed':
      return [
        'Your request for an account has ended',
        `no administrator approved your account within ${news.days} days, so that it was removed. You may sign up again.`,
      ]
  }
}

function korean(news: AccountNews): Letter {
  switch (news.kind) {
    case 'already-member':
      return [
        '이미 계정이 있습니다',
        '이 주소로 새 계정을 요청하셨습니다. 이미 계정이 있으니 로그인하시거나 "비밀번호를 잊으셨나요?"를 이용해 주세요.',
        '요청하신 적이 없다면 아무것도 하실 필요가 없습니다.',
      ]
    case 'password-changed':
      return ['비밀번호가 변경되었습니다', '비밀번호가 변경되었고 다른 로그인은 종료되었습니다.', notYouKo]
    case 'second-factor-on':
      return ['2단계 인증을 켰습니다', '이제 로그인할 때 인증 앱의 코드를 묻습니다.', notYouKo]
    case 'second-factor-off':
      return ['2단계 인증을 껐습니다', '이제 로그인할 때 인증 앱의 코드를 묻지 않습니다.', notYouKo]
    case 'deleted':
      return ['계정이 삭제되었습니다', '계정이 삭제되었습니다. 작업물은 이름 없이 부서에 남습니다.']
    case 'email-changed':
      return [
        '이메일 주소가 변경되었습니다',
        `이제 계정에 관한 메일은 ${singleLine(news.newAddress)}(으)로 갑니다.`,
        notYouKo,
      ]
    case 'identity-linked':
      return [
        '새 로그인 방법이 추가되었습니다',
        `이제 ${singleLine(news.provider)}(으)로도 로그인하실 수 있습니다.`,
        '본인이 하신 일이 아니라면 관리자에게 알려 주세요.',
      ]
    case 'guest-removed':
      return [
        '가입 요청이 종료되었습니다',
        `${news.days}일 안에 관리자의 승인을 받지 못해 계정이 삭제되었습니다. 다시 가입하실 수 있습니다.`,
      ]
  }
}
