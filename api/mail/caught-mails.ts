/** The caught mails in the documents store: the latest 200, in the order in which they came. */
import { randomBytes } from 'node:crypto'
import type { DocumentStore } from '@defect-studio/stores'
import { z } from 'zod'

const collection = 'mails'
const kept = 200

/** A mail as it is kept: its text alone, never a page or an attachment. */
const MailBody = z.object({
  receivedAt: z.iso.datetime(),
  messageId: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
})
export type MailBody = z.infer<typeof MailBody>
export type CaughtMail = MailBody & { id: string }

export function createCaughtMails(documents: DocumentStore) {
  let lastMs = 0
  /** Ids sort by time, also within a millisecond; the random end keeps two processes apart. */
  const nextId = () => {
    lastMs = Math.max(Date.now(), lastMs + 1)
    return `${String(lastMs).padStart(15, '0')}-${randomBytes(4).toString('hex')}`
  }
  return {
    async keep(mail: MailBody): Promise<void> {
      await documents.put(collection, nextId(), mail)
      const all = await documents.list(collection, '', 1000)
      for (const { id } of all.slice(0, -kept)) await documents.delete(collection, id)
    },

    async list(): Promise<CaughtMail[]> {
      const rows = await documents.list(collection, '', 1000)
      return rows.map(({ id, body }) => ({ id, ...MailBody.parse(body) })).reverse()
    },

    async get(id: string): Promise<CaughtMail | null> {
      const body = await documents.get(collection, id)
      return body === null ? null : { id, ...MailBody.parse(body) }
    },
  }
}
