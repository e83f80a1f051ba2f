/** Gets every entry of the audit log written, also when the database is away for a moment. */
import type { Database } from '@defect-studio/prisma'
import { type AuditRecord, recordAudits } from '@defect-studio/stores'
import type { Logger } from 'pino'

export interface AuditTrail {
  /**
   * Resolves when the entry is written, or is known to be written later. Never rejects: what was done has been done,
   * and its answer must not say otherwise.
   */
  write(record: AuditRecord): Promise<void>
  /** Entries that still have to be written. */
  readonly waiting: number
  /** Too many wait: whoever would change something more has to be refused. */
  readonly isFull: boolean
  /** Tries a last time. What cannot be written stands in the log of the process. */
  close(): Promise<void>
}

/** About 1 MB of entries; as long as the database is away, next to nothing succeeds that would need one. */
const mostWaiting = 1_000
const retryMs = 1_000

export function createAuditTrail(db: Database, log: Logger): AuditTrail {
  let waiting: AuditRecord[] = []
  let timer: NodeJS.Timeout | null = null

  const flush = async (): Promise<void> => {
    timer = null
    const batch = waiting
    if (batch.length === 0) return
    try {
      await recordAudits(db, batch)
      waiting = waiting.slice(batch.length)
    } catch {
      // It stays first in the line; the log has said why.
    }
    arm()
  }
  const arm = (): void => {
    if (waiting.length > 0 && !timer) timer = setTimeout(() => void flush(), retryMs).unref()
  }

  return {
    get waiting() {
      return waiting.length
    },
    get isFull() {
      return waiting.length >= mostWaiting
    },
    async write(given) {
      // Named here, so that a second try of the same entry is none too many.
      const record = { id: crypto.randomUUID(), at: new Date(), ...given }
      try {
        await recordAudits(db, [record])
      } catch (error) {
        log.error({ err: error, audit: record }, 'an entry of the audit log has to wait')
        waiting.push(record)
        arm()
      }
    },
    async close() {
      if (timer) clearTimeout(timer)
      await flush()
      if (timer) clearTimeout(timer)
    },
  }
}
