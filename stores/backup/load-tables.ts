/** Loads the tables of a backup into an empty schema, as they were, in the transaction that is open. */
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { quoteName } from './kept-tables.ts'
import { tablePart, type TablePart } from './manifest.ts'
import type { OpenedBackup } from './open-backup.ts'
import { BackupRefusal } from './refuse-backup.ts'

/** Triggers of the studio would post every transfer a second time; keys to other tables are checked as ever. */
export async function loadTables(
  client: Client,
  backup: OpenedBackup,
  tables: readonly TablePart[],
): Promise<void> {
  for (const { name } of tables) await client.query(`ALTER TABLE ${quoteName(name)} DISABLE TRIGGER USER`)
  // Migrations write first rows, as the house's own accounts.
  await client.query(`TRUNCATE ${tables.map(({ name }) => quoteName(name)).join(', ')}`)
  for (const table of tables) await loadTable(client, backup, table)
  for (const { name } of tables) await client.query(`ALTER TABLE ${quoteName(name)} ENABLE TRIGGER USER`)
}

export async function loadTable(client: Client, backup: OpenedBackup, table: TablePart): Promise<void> {
  const columns = table.columns.map(quoteName).join(', ')
  const sink = client.query(copyFrom(`COPY ${quoteName(table.name)} (${columns}) FROM STDIN`))
  await pipeline(await backup.read(tablePart(table.name)), sink)
  if (sink.rowCount !== table.rows)
    throw new BackupRefusal(
      `${tablePart(table.name)} gave ${sink.rowCount} rows instead of ${table.rows}. Nothing was changed.`,
    )
}
