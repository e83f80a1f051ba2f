/** Prints rows in columns, or as JSON for scripts. */

export function printRows(
  rows: readonly Readonly<Record<string, string | number | null>>[],
  options: { json?: boolean; empty: string },
): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
    return
  }
  const first = rows[0]
  if (!first) {
    process.stdout.write(`${options.empty}\n`)
    return
  }
  const columns = Object.keys(first)
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))]
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => (row[index] ?? '').length)))
  for (const row of cells)
    process.stdout.write(
      `${row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    )
}
