/** What of a parsed mail is kept: text that a document store can hold. */
import type { AddressObject, ParsedMail } from 'mailparser'
import type { MailBody } from './caught-mails.ts'

const longestTextBytes = 100_000
const longestHeaderBytes = 1_000

export function readMail(mail: ParsedMail): MailBody {
  return {
    receivedAt: new Date().toISOString(),
    messageId: keepable(mail.messageId, longestHeaderBytes),
    from: keepable(mail.from?.text, longestHeaderBytes),
    to: addresses(mail.to).map((text) => keepable(text, longestHeaderBytes)),
    subject: keepable(mail.subject, longestHeaderBytes),
    // Of a mail that is a page alone, the parser writes its words.
    text: keepable(mail.text, longestTextBytes),
  }
}

function addresses(to: AddressObject | AddressObject[] | undefined): string[] {
  return [to ?? []].flat().map((each) => each.text)
}

/** PostgreSQL takes neither NUL nor half of a character, which a cut may leave. */
function keepable(text: string | undefined, bytes: number): string {
  return Buffer.from((text ?? '').replaceAll('\0', ''))
    .subarray(0, bytes)
    .toString('utf8')
}
