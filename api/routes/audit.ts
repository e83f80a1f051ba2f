/** The audit log, for administrators: read, filtered, taken along. */
import type { AuditEntry as Row } from '@defect-studio/prisma'
import { type AuditFilter, listAudit, streamAudit } from '@defect-studio/stores'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import { sendCsv } from '../csv/write-csv.ts'
import { defineRoute } from '../define-route.ts'
import { AuditEntry, AuditQuery } from '../shapes/audit.ts'
import { pageOf, PageQuery, toPage } from '../shapes/page.ts'
import { ownDepartment } from '../tokens/own-department.ts'

const tag = 'audit'

export const listAuditEntries = defineRoute({
  operationId: 'listAuditEntries',
  method: 'get',
  path: '/audit',
  tag,
  summary: 'Who did what to what, from where; newest first',
  description:
    'A super admin sees everything; a department admin what concerns the own department. Nobody can change or delete an entry.',
  auth: 'read-audit',
  query: PageQuery.extend(AuditQuery.shape),
  response: pageOf(AuditEntry),
  async handler({ studio, caller, query }) {
    const { limit, cursor } = query
    const rows = await listAudit(studio.db, { ...filterOf(caller, query), cursor, limit: limit + 1 })
    return toPage(rows, limit, describe)
  },
})

const columns = [
  'at',
  'actorName',
  'actorRole',
  'by',
  'action',
  'outcome',
  'objectKind',
  'objectId',
  'objectName',
  'departmentId',
  'address',
  'userAgent',
  'requestId',
  'actorId',
  'keyId',
  'details',
  'id',
] as const

export const exportAuditCsv = defineRoute({
  operationId: 'exportAuditCsv',
  method: 'get',
  path: '/audit.csv',
  tag,
  summary: 'The entries that match as CSV, newest first',
  description:
    'A cell that begins with = + - @ or a tab gets an apostrophe before it, so that no spreadsheet obeys it.',
  auth: 'read-audit',
  audit: { action: 'audit.export', details: () => ({ format: 'csv' }) },
  query: AuditQuery,
  streams: 'text/csv',
  async handler({ studio, caller, query, response }) {
    const entries = streamAudit(studio.db, filterOf(caller, query))
    await sendCsv(response, { name: 'audit.csv', columns, rows: toCells(entries) })
  },
})

export const exportAuditLines = defineRoute({
  operationId: 'exportAuditLines',
  method: 'get',
  path: '/audit.jsonl',
  tag,
  summary: 'The entries that match as JSON Lines, newest first',
  auth: 'read-audit',
  audit: { action: 'audit.export', details: () => ({ format: 'jsonl' }) },
  query: AuditQuery,
  streams: 'application/jsonl',
  async handler({ studio, caller, query, response }) {
    response.set({
      'Content-Type': 'application/jsonl; charset=utf-8',
      'Content-Disposition': 'attachment; filename="audit.jsonl"',
      'Cache-Control': 'no-store',
    })
    await pipeline(Readable.from(toLines(streamAudit(studio.db, filterOf(caller, query)))), response)
  },
})

/** An administrator of a department who asks for another one gets an empty list: nothing there is theirs. */
function filterOf(caller: Caller, query: z.output<typeof AuditQuery>): AuditFilter {
  const { from, until, departmentId, ...rest } = query
  const own = ownDepartment(caller).departmentId
  return {
    ...rest,
    departmentId: own ?? departmentId,
    ...(own && departmentId && departmentId !== own ? { objectId: 'nothing of another department' } : {}),
    ...(from ? { from: new Date(from) } : {}),
    ...(until ? { until: new Date(until) } : {}),
  }
}

const describe = ({ at, details, ...row }: Row): z.input<typeof AuditEntry> => ({
  ...row,
  at: at.toISOString(),
  details: typeof details === 'object' && details !== null && !Array.isArray(details) ? details : {},
})

async function* toLines(entries: AsyncIterable<Row>) {
  for await (const entry of entries) yield `${JSON.stringify(describe(entry))}\n`
}

async function* toCells(entries: AsyncIterable<Row>) {
  for await (const entry of entries) {
    const described = describe(entry)
    yield columns.map((column) =>
      column === 'details' ? JSON.stringify(described.details) : described[column],
    )
  }
}
