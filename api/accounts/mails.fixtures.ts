/** The mails that wait in the outbox of a test studio, and the codes in them. */
import type { TestStudio } from '../studio.fixtures.ts'

/** The latest mail to the address, of those whose key begins so. */
export async function lastMail(studio: TestStudio, address: string, key = '') {
  const mail = await studio.db.outgoingMail.findFirst({
    where: { toAddress: address, key: { startsWith: key } },
    orderBy: { id: 'desc' },
  })
  if (!mail) throw new Error(`No mail "${key}" to ${address}.`)
  return mail
}

export async function codeFor(studio: TestStudio, address: string): Promise<string> {
  const { text } = await lastMail(studio, address, 'code-')
  const code = /^[0-9A-Z]{4}-[0-9A-Z]{4}$/m.exec(text)?.[0]
  if (code === undefined) throw new Error(`No code in: ${text}`)
  return code
}
