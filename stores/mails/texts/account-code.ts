/** Brings the code with which somebody shows that an address is theirs. */
import type { MailLanguage } from '../mail-language.ts'
import { writeLetter, type MailText } from '../write-letter.ts'

export interface AccountCode {
  name: string
  purpose: 'sign_up' | 'change_email' | 'reset_password'
  code: string
  /** For how long it works. */
  minutes: number
}

const english = {
  sign_up: ['Your code for a new account', 'this code confirms your address for a new account:'],
  change_email: ['Your code for the new address', 'this code makes this your new address:'],
  reset_password: ['Your code for a new password', 'with this code you set a new password:'],
} as const

const korean = {
  sign_up: ['가입 확인 코드', '아래 코드를 입력하시면 가입에 쓰실 주소가 확인됩니다.'],
  change_email: ['새 이메일 주소 확인 코드', '아래 코드를 입력하시면 이 주소가 새 이메일 주소가 됩니다.'],
  reset_password: ['비밀번호 재설정 코드', '아래 코드로 새 비밀번호를 설정하실 수 있습니다.'],
} as const

export function accountCode(language: MailLanguage, { name, purpose, code, minutes }: AccountCode): MailText {
  const [subject, says] = (language === 'ko' ? korean : english)[purpose]
  const rest =
    language === 'ko'
      ? `코드는 ${minutes}분 동안 한 번만 쓸 수 있습니다. 요청하신 적이 없다면 이 메일을 무시해 주세요. 코드는 아무에게도 알려 주지 마세요.`
      : `It works once, for ${minutes} minutes. If you asked for nothing, ignore this mail. Give the code to nobody.`
  return { subject, text: writeLetter(language, name, [says, code, rest]), code }
}
