/** Holds the tokenizer to transformers' ids on strange prompts with CLIP's real vocabulary (`goldens/clip_tokens.py`). */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { goldensFolder } from './golden.test-support.ts'
import { loadTokenizer } from './tokenizer.ts'

const Rows = z.array(z.tuple([z.string(), z.int(), z.string()]))
const rows = Rows.parse(JSON.parse(readFileSync(join(goldensFolder, 'clip-tokens.json'), 'utf8')))
const folder = mkdtempSync(join(tmpdir(), 'clip-tokenizer-'))
writeClipTokenizer(folder)
const tokenizer = await loadTokenizer(folder)
afterAll(() => rmSync(folder, { recursive: true }))

describe('the tokenizer with the vocabulary of CLIP', () => {
  it('gives the ids of transformers for each of 1,000 strange prompts', () => {
    expect(new Set(rows.map(([prompt]) => prompt)).size).toBe(1000)
    const wrong = rows.filter(([prompt, count, hash]) => {
      const ids = tokenizer.encode(prompt)
      return ids.length !== count || hashOf(ids) !== hash
    })
    expect(wrong.map(([prompt]) => prompt)).toEqual([])
  })

  it('knows the ids that everybody knows', () => {
    expect(tokenizer.encode('a photo of a cat')).toEqual([320, 1125, 539, 320, 2368])
  })

  it('reads broken halves of characters as a damaged character, and goes on', () => {
    expect(tokenizer.encode('steel \ud83d scratch')).toEqual(tokenizer.encode('steel \ufffd scratch'))
  })
})

function hashOf(ids: readonly number[]): string {
  return createHash('sha256').update(ids.join(',')).digest('hex').slice(0, 16)
}

/** The folder that a checkpoint has; every id follows from the order of the merges. */
function writeClipTokenizer(into: string): void {
  const merges = gunzipSync(readFileSync(join(goldensFolder, 'clip-merges.txt.gz')))
    .toString()
    .split('\n')
  const isPrintable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || byte > 173
  const printable = Array.from({ length: 256 }, (_, byte) => byte).filter(isPrintable)
  const letters = [...printable, ...Array.from({ length: 256 - printable.length }, (_, i) => 256 + i)]
  const bytes = letters.map((code) => String.fromCharCode(code))
  const joined = merges.map((merge) => merge.replace(' ', ''))
  const marks = ['<|startoftext|>', '<|endoftext|>']
  const pieces = [...bytes, ...bytes.map((letter) => `${letter}</w>`), ...joined, ...marks]
  writeFileSync(
    join(into, 'vocab.json'),
    JSON.stringify(Object.fromEntries(pieces.map((piece, i) => [piece, i]))),
  )
  writeFileSync(join(into, 'merges.txt'), `#version: 0.2\n${merges.join('\n')}\n`)
  writeFileSync(join(into, 'tokenizer_config.json'), JSON.stringify({ model_max_length: 77 }))
}
