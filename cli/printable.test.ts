/** What other people called their things cannot drive a terminal. */
import { expect, test } from 'vitest'
import { CommandError, exitCodes } from './exit-codes.ts'
import { printable } from './printable.ts'
import { tableOf } from './print-table.ts'

const name = '\u001b]0;owned\u0007\u001b[2J\u009b31m ab\u202egnp.exe\r\nnext'

test('names of any writing stay as they are', () => {
  for (const text of ['금속 부품 01.png', 'pièce_ré́f', '🙂 a–b']) expect(printable(text)).toBe(text)
})

test('tables and errors show no character that a terminal obeys', () => {
  const table = tableOf([{ id: '1', name }])
  expect(table.split('\n')).toHaveLength(3)
  const error = new CommandError(exitCodes.refused, `There is no "${name}".`, [name])
  for (const text of [table.replaceAll('\n', ''), error.message, ...error.details])
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})
