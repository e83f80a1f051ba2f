/** Holds the tokenizer to transformers' ids; `goldens/tiny_sd.py` made them. */
import { describe, expect, it } from 'vitest'
import { golden, tinySd } from './golden.test-support.ts'
import { loadTokenizer } from './tokenizer.ts'

const tokenizer = await loadTokenizer(`${tinySd}/tokenizer`)

describe('loadTokenizer', () => {
  it.each(golden.tokens)('gives the ids of transformers: $text', ({ text, ids }) => {
    expect(tokenizer.encode(text)).toEqual(ids.slice(1, -1))
  })

  it('pads a short prompt and cuts a long one to what the model reads, and tells the true length', () => {
    const short = tokenizer.encodePadded('rust')
    expect(short.ids).toHaveLength(77)
    const long = tokenizer.encodePadded('scratch '.repeat(100))
    expect(long.ids).toHaveLength(77)
    expect(long.tokens).toBe(tokenizer.encode('scratch '.repeat(100)).length)
    expect(long.ids.at(-1)).toBe(short.ids.at(-1))
  })

  it('refuses a folder without a tokenizer', async () => {
    await expect(loadTokenizer('/nowhere')).rejects.toThrow('tokenizer_config.json')
  })
})
