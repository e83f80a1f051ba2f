/** Server-sent events, read as the standard says. */
import { expect, it } from 'vitest'
import { parseBlock } from './event-stream.ts'

it('reads name and data, joins lines of data, and passes over comments', () => {
  expect(parseBlock('event: snapshot\ndata: {"a":1}')).toEqual({ event: 'snapshot', data: '{"a":1}' })
  expect(parseBlock('data: one\r\ndata: two')).toEqual({ event: 'message', data: 'one\ntwo' })
  expect(parseBlock(': beat')).toBeNull()
})
