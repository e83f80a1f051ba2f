/** Which tables a backup carries, with their columns, in an order in which they can be loaded again. */
import type { Client } from 'pg'

/** Migrations are named in the manifest; events are kept for an hour and bear transaction numbers of their server. */
const leftOut = ['_prisma_migrations', 'RunEventLog']

export interface KeptTable {
  name: string
  columns: string[]
  /** Columns of the primary key, by which rows are ordered. */
  key: string[]
}

/** Tables that others refer to come first. A table that refers to itself is loaded in one statement. */
export async function listKeptTables(client: Client): Promise<KeptTable[]> {
  const { rows: tables } = await client.query<KeptTable>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns,
       (SELECT array_agg(k.attname::text ORDER BY array_position(i.indkey::int2[], k.attnum))
        FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = ANY (i.indkey::int2[])
        WHERE i.indrelid = c.oid AND i.indisprimary) AS key
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0
       AND NOT a.attisdropped AND a.attgenerated = '' AND c.relname <> ALL ($1)
     GROUP BY c.oid, c.relname ORDER BY c.relname`,
    [leftOut],
  )
  const { rows: references } = await client.query<{ from: string; to: string }>(
    `SELECT DISTINCT a.relname AS "from", b.relname AS "to"
     FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid
     WHERE k.contype = 'f' AND a.oid <> b.oid AND a.relnamespace = 'public'::regnamespace`,
  )
  const ordered: KeptTable[] = []
  const waiting = [...tables]
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ name }) =>
      references.every(({ from, to }) => from !== name || !waiting.some((other) => other.name === to)),
    )
    // A circle would need constraints that can be deferred; there is none, and a new one should be noticed.
    if (next < 0)
      throw new Error(`Tables refer to each other in a circle: ${waiting.map(({ name }) => name).join(', ')}`)
    ordered.push(...waiting.splice(next, 1))
  }
  return ordered
}

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
