/** Asks Prisma's schema engine, compiled to WebAssembly, for the SQL between two schemas; needs no database. */
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { columnTypes, readCatalogue, readOnlyAdapter } from './catalogue-adapter.mjs'

const binding = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
const wasm = fs.readFileSync(path.join(path.dirname(binding), 'schema_engine_bg.wasm'))
const { instance } = await globalThis.WebAssembly.instantiate(wasm, { './schema_engine_bg.js': engine })
engine.__wbg_set_wasm(instance.exports)
instance.exports.__wbindgen_start()

/** Stands for a database: all that the engine asks between two schemas is the server's version. */
const noDatabase = readOnlyAdapter(async () => ({
  columnNames: ['exists', 'version', 'numeric_version'],
  columnTypes: [columnTypes.get(16), columnTypes.get(25), columnTypes.get(23)],
  rows: [[true, 'PostgreSQL 15.0', 150000]],
}))

/**
 * The SQL that leads from one schema to another; empty when they say the same.
 * @param before the older schema's text, or null for an empty database.
 * @param after the newer schema's text.
 */
export async function diffSchemas(before, after) {
  const files = [{ path: 'schema.prisma', content: after }]
  const from =
    before === null
      ? { tag: 'empty' }
      : { tag: 'schemaDatamodel', files: [{ path: 'before.prisma', content: before }] }
  return run(noDatabase, files, from)
}

/** The SQL that a database still needs to be what the schema says; empty when there is no drift. */
export async function diffDatabase(url, schema) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const files = [{ path: 'schema.prisma', content: schema }]
    const adapter = readOnlyAdapter((query) => readCatalogue(client, query))
    return await run(adapter, files, { tag: 'schemaDatasource', files, configDir: process.cwd() })
  } finally {
    await client.end()
  }
}

async function run(adapter, files, from) {
  const schemaEngine = await engine.SchemaEngine.new(
    { datamodels: files.map((file) => [file.path, file.content]) },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapter),
  )
  const { stdout } = await schemaEngine.diff({
    from,
    to: { tag: 'schemaDatamodel', files },
    script: true,
    shadowDatabaseUrl: null,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  const sql = stdout ?? ''
  return sql.includes('This is an empty migration') ? '' : sql
}
