/** Rows as CSV that spreadsheets read and never obey: a cell that begins like a formula gets an apostrophe before it. */
import { stringify } from 'csv-stringify'
import type { Response } from 'express'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type CsvCell = string | number | bigint | boolean | null

/** RFC 4180 with a heading, behind a byte order mark: without it Excel takes Korean for another encoding. */
export const csvWriter = (columns: readonly string[]): Transform =>
  stringify({
    bom: true,
    header: true,
    columns: [...columns],
    record_delimiter: 'windows',
    // OWASP, "CSV Injection": cells that begin with = + - @ TAB or CR.
    escape_formulas: true,
    // A bare carriage return would end the line for some readers.
    quoted_match: '\r',
    cast: { boolean: String },
  })

/**
 * Sends rows as they come: as much is in memory as the reader has not taken yet.
 * @param name of the file that browsers save.
 */
export async function sendCsv(
  response: Response,
  {
    name,
    columns,
    rows,
  }: { name: string; columns: readonly string[]; rows: AsyncIterable<readonly CsvCell[]> },
): Promise<void> {
  response.set({
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}"`,
    'Cache-Control': 'no-store',
  })
  await pipeline(Readable.from(rows), csvWriter(columns), response)
}
