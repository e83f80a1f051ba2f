/** A sealed secret opens under its own key and purpose alone, and whoever changes a letter of it gets nothing. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSecret, sealSecret } from './seal.ts'

const key = randomBytes(32)

test('what was sealed opens to the same text, and no two seals are alike', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (secret) => {
      const sealed = sealSecret(key, 'graph-hook', secret)
      expect(openSecret(key, 'graph-hook', sealed)).toBe(secret)
      expect(sealSecret(key, 'graph-hook', secret)).not.toBe(sealed)
    }),
    { numRuns: 50 },
  )
})

test.each([
  ['another signing secret', (sealed: string) => openSecret(randomBytes(32), 'graph-hook', sealed)],
  ['another purpose', (sealed: string) => openSecret(key, 'outgoing-webhook', sealed)],
  ['a flipped bit', (sealed: string) => openSecret(key, 'graph-hook', flip(sealed))],
  ['half of it', (sealed: string) => openSecret(key, 'graph-hook', sealed.slice(0, 20))],
  ['another form', (sealed: string) => openSecret(key, 'graph-hook', sealed.replace('v1', 'v2'))],
  ['nothing', () => openSecret(key, 'graph-hook', '')],
])('%s opens nothing, and says nothing of the secret', (_what, open) => {
  const sealed = sealSecret(key, 'graph-hook', 'whsec_geheim')
  expect(sealed).not.toContain('geheim')
  expect(() => open(sealed)).toThrow(/Make it anew/)
})

function flip(sealed: string): string {
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  return `v1.${bytes.toString('base64url')}`
}
