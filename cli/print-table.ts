/** Prints rows in columns, or as JSON for scripts. */
import { printable } from './printable.ts'

export function printRows(
  rows: readonly Readonly<Record<string, string | number | null>>[],
  options: { json?: boolean; empty: string },
): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
    return
  }
  process.stdout.write(rows.length > 0 ? tableOf(rows) : `${options.empty}\n`)
}

/** Rows in columns below their names; ends with a line break. */
export function tableOf(rows: readonly Readonly<Record<string, string | number | null>>[]): string {
  const columns = Object.keys(rows[0] ?? {})
  const cells = [columns, ...rows.map((row) => columns.map((column) => printable(String(row[column] ?? ''))))]
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => (row[index] ?? '').length)))
  const line = (row: string[]) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')
  return cells.map((row) => `${line(row).trimEnd()}\n`).join('')
}
