/**
 * What the schema engine needs to read a database's catalogue. `PrismaPg` reads tables of users and does not know
 * PostgreSQL's internal column types, such as "char" and int2vector.
 */
import pg from 'pg'

/** PostgreSQL's type numbers to those of driver adapters. */
export const columnTypes = new Map([
  [16, 5], // bool
  [18, 6], // "char": character
  [19, 7], // name: text
  [20, 1], // int8
  [21, 0], // int2
  [22, 64], // int2vector: int4[]
  [23, 0], // int4
  [25, 7], // text
  [26, 0], // oid: int4
  [194, 7], // pg_node_tree: text
  [1002, 70], // "char"[]
  [1003, 71], // name[]
  [1005, 64], // int2[]
  [1007, 64], // int4[]
  [1009, 71], // text[]
  [1028, 64], // oid[]
  [1043, 7], // varchar
  [2205, 7], // regclass: text
])

/** Types that `pg` reads as another type of the same text form. */
const readAs = new Map([
  [1002, 1009],
  [1003, 1009],
])

/** Runs one query of the engine's and answers in the adapters' form. */
export async function readCatalogue(client, { sql, args }) {
  const { fields, rows } = await client.query({
    text: sql,
    values: args,
    rowMode: 'array',
    types: { getTypeParser: (oid, format) => parserOf(oid, format) },
  })
  return {
    columnNames: fields.map((field) => field.name),
    columnTypes: fields.map((field) => {
      const type = columnTypes.get(field.dataTypeID)
      if (type === undefined)
        throw new Error(`Column ${field.name} has type ${field.dataTypeID}, unknown here.`)
      return type
    }),
    rows,
  }
}

function parserOf(oid, format) {
  // int2vector is written with spaces: "1 2 3".
  if (oid === 22) return (text) => text.split(' ').filter(Boolean).map(Number)
  // The engine takes a 64-bit number as text.
  if (oid === 20) return (text) => text
  return pg.types.getTypeParser(readAs.get(oid) ?? oid, format)
}

/** An adapter that can only ask, never change. */
export function readOnlyAdapter(queryRaw) {
  const refuse = async () => {
    throw new Error('Comparing schemas changes no database.')
  }
  const connection = {
    provider: 'postgres',
    adapterName: 'read-only',
    queryRaw,
    executeRaw: refuse,
    executeScript: refuse,
    getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
    startTransaction: refuse,
    dispose: async () => undefined,
  }
  const connect = async () => connection
  return { provider: 'postgres', adapterName: 'read-only', connect, connectToShadowDb: connect }
}
