import { createDatabase } from '@defect-studio/prisma'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { createAuditTrail } from './audit-trail.ts'

test('what cannot be written is logged whole, waits, and is written once the database is back', async () => {
  const db = createDatabase(await createTestDatabase(), { connections: 2 })
  const lines: string[] = []
  const trail = createAuditTrail(db, pino({ level: 'error' }, { write: (line) => void lines.push(line) }))
  const record = { actor: null, by: 'program', action: 'things.change' } as const

  await db.$executeRaw`ALTER TABLE "AuditEntry" RENAME TO "Away"`
  await trail.write(record)
  expect(trail.waiting).toBe(1)
  expect(lines.join('')).toContain('things.change')
  await db.$executeRaw`ALTER TABLE "Away" RENAME TO "AuditEntry"`

  await vi.waitFor(() => expect(trail.waiting).toBe(0), { timeout: 10_000 })
  expect(await db.auditEntry.count({ where: { action: 'things.change' } })).toBe(1)
  await trail.close()
  await db.$disconnect()
})
