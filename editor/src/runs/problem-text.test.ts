/** What the check says of names and values is not lost in another language. */
import { expect, it } from 'vitest'
import { withDetail } from './problem-text.ts'

it('puts the detail into parentheses before the full stop', () => {
  expect(withDetail('값을 사용할 수 없습니다.', 'size: Too big, at most 1.')).toBe(
    '값을 사용할 수 없습니다 (size: Too big, at most 1).',
  )
})

it('says nothing twice', () => {
  expect(withDetail('The graph is empty.', 'The graph is empty.')).toBe('The graph is empty.')
  expect(withDetail('그래프가 비어 있습니다.', '')).toBe('그래프가 비어 있습니다.')
})
