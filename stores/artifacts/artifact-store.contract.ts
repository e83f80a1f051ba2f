/** What every artifact store is held to; each store's test runs it on the real thing. */
import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { artifactKey } from './artifact-key.ts'
import type { ArtifactStore } from './artifact-store.ts'

export function describeArtifactStore(name: string, store: () => ArtifactStore): void {
  describe(`${name} keeps the contract of artifact stores`, () => {
    test('gives back the bytes that were put, under their SHA-256', async () => {
      const stored = await store().put(new TextEncoder().encode('abc'), 'text/plain')
      // The example of FIPS 180-2, appendix B.1.
      expect(stored).toEqual({
        key: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        bytes: 3,
      })
      expect(new TextDecoder().decode(await store().get(stored.key))).toBe('abc')
    })

    test('keeps an empty artifact and one of 5 MB', async () => {
      for (const bytes of [new Uint8Array(0), new Uint8Array(randomBytes(5_000_000))]) {
        const { key } = await store().put(bytes, 'application/octet-stream')
        expect(artifactKey(await store().get(key))).toBe(artifactKey(bytes))
      }
    })

    test('stores the same bytes once, also when twenty put them together', async () => {
      const bytes = new Uint8Array(randomBytes(100_000))
      const all = await Promise.all(Array.from({ length: 20 }, () => store().put(bytes, 'image/png')))
      expect(new Set(all.map(({ key }) => key))).toEqual(new Set([artifactKey(bytes)]))
      expect(await store().get(artifactKey(bytes))).toHaveLength(100_000)
    })

    test('opens a stream of the whole and of a range', async () => {
      const { key } = await store().put(new TextEncoder().encode('0123456789'), 'text/plain')
      expect(await textOf(await store().open(key))).toBe('0123456789')
      expect(await textOf(await store().open(key, { start: 2, end: 4 }))).toBe('234')
    })

    test('knows what it has', async () => {
      const { key } = await store().put(new Uint8Array(randomBytes(10)), 'image/png')
      expect(await store().has(key)).toBe(true)
      expect(await store().has(artifactKey(new Uint8Array(randomBytes(10))))).toBe(false)
    })

    test('says artifact-missing for what it has not, whole or as a stream', async () => {
      const key = artifactKey(new Uint8Array(randomBytes(10)))
      await expect(store().get(key)).rejects.toMatchObject({ type: 'artifact-missing' })
      await expect(store().open(key)).rejects.toMatchObject({ type: 'artifact-missing' })
    })

    test.each(['../../etc/passwd', '', 'A'.repeat(64), '..%2f..%2fetc'])(
      'never takes %j for a key',
      async (key) => {
        await expect(store().get(key)).rejects.toMatchObject({ type: 'artifact-missing' })
        await expect(store().open(key)).rejects.toMatchObject({ type: 'artifact-missing' })
        expect(await store().has(key)).toBe(false)
      },
    )
  })
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString()
}
