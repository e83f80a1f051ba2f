import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { csvWriter } from './write-csv.ts'

const write = async (columns: string[], cells: (string | number | null)[]) =>
  (await buffer(Readable.from([cells]).pipe(csvWriter(columns)))).toString()

test.each([
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\tx', "'\tx"],
  ['\rx', '"\'\rx"'],
  ['a,b', '"a,b"'],
  ['결함 "균열"', '"결함 ""균열"""'],
])('the cell %j is written as %s', async (cell, written) => {
  expect(await write(['name'], [cell])).toBe(`\uFEFFname\r\n${written}\r\n`)
})

test('numbers stay numbers, also negative ones, and nothing is an empty cell', async () => {
  expect(await write(['a', 'b'], [-3.5, null])).toBe('\uFEFFa,b\r\n-3.5,\r\n')
})
