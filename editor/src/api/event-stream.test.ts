/** Server-sent events, read as the standard says. */
import { expect, it } from 'vitest'
import { parseBlock } from './event-stream.ts'

it('reads name, data and position, joins lines of data, and passes over comments', () => {
  expect(parseBlock('event: snapshot\ndata: {"a":1}')).toEqual({
    ...{ event: 'snapshot', data: '{"a":1}', id: null },
  })
  expect(parseBlock('data: one\r\ndata: two\r\nid: 7')).toEqual({
    ...{ event: 'message', data: 'one\ntwo', id: '7' },
  })
  expect(parseBlock('id: 42-7')).toEqual({ event: null, data: '', id: '42-7' })
  expect(parseBlock(': beat')).toBeNull()
})
