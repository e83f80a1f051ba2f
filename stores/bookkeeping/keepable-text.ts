/** Writes a value as JSON that PostgreSQL keeps: without the two things that its jsonb refuses. */

/** NUL, and halves of characters, as what cut a text in two leaves behind. */
const unkeepable = /\\u0000|\\ud[89a-f]/

/** What is refused is replaced by U+FFFD: a message that tells of a crash must reach the person all the same. */
export function keepableText(value: unknown): string {
  const text = JSON.stringify(value)
  if (!unkeepable.test(text)) return text
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string'
      ? part.replaceAll(/\p{Surrogate}/gu, '\ufffd').replaceAll('\u0000', '\ufffd')
      : part,
  )
}
