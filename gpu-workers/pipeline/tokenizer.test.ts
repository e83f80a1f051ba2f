/** Holds the tokenizer to transformers' ids; `goldens/tiny_sd.py` made them. */
import { describe, expect, it } from 'vitest'
import { golden, tinySd } from './golden.test-support.ts'
import { loadTokenizer } from './tokenizer.ts'

const tokenizer = await loadTokenizer(`${tinySd}/tokenizer`)

describe('loadTokenizer', () => {
  it.each(golden.tokens)('gives the ids of transformers: $text', ({ text, ids }) => {
    expect(tokenizer.encode(text)).toEqual(ids.slice(1, -1))
  })

  it('pads a short prompt to what the model reads, and parts a long one without losing a token', () => {
    const [short, ...none] = tokenizer.encodeParts('rust')
    expect(none).toEqual([])
    expect(short).toHaveLength(77)
    const long = 'scratch '.repeat(100)
    const parts = tokenizer.encodeParts(long)
    for (const part of parts) expect([part.length, part[0]]).toEqual([77, short![0]])
    const ids = parts.flatMap((part) => part.slice(1, part.indexOf(short!.at(-1)!)))
    expect(ids).toEqual(tokenizer.encode(long))
    expect(tokenizer.encodeParts('')).toHaveLength(1)
  })

  it('refuses a folder without a tokenizer', async () => {
    await expect(loadTokenizer('/nowhere')).rejects.toThrow('tokenizer_config.json')
  })
})
