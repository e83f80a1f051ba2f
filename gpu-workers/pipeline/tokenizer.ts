/** Turns a prompt into CLIP token ids, with the same answers as transformers' CLIPTokenizer, from local files alone. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { decodeBytePairs, encodeBytePairs, type BytePairModel } from './byte-pairs.ts'

/** Prompt → ids for a text encoder that reads a fixed number of tokens. */
export type Tokenizer = {
  /** How many tokens the model reads, the marks at both ends included: 77 for CLIP. */
  readonly maxLength: number
  /** The whole prompt's ids, without marks, however long. */
  readonly encode: (text: string) => number[]
  /** Up to `maxLength` − 2 ids between marks, and padding: exactly `maxLength` numbers. */
  readonly frame: (ids: readonly number[]) => number[]
  /** What the ids say, for people: lower case, one space between words. */
  readonly decode: (ids: readonly number[]) => string
  /**
   * The prompt in as many parts as it needs, one at least: each has marks at both ends, up to `maxLength` − 2 ids, and
   * padding, so exactly `maxLength` numbers.
   */
  readonly encodeParts: (text: string) => number[][]
}

const TokenName = z.union([z.string(), z.object({ content: z.string() }).transform((token) => token.content)])
const TokenizerConfig = z.object({
  model_max_length: z.number().default(77),
  bos_token: TokenName.default('<|startoftext|>'),
  eos_token: TokenName.default('<|endoftext|>'),
  pad_token: TokenName.default('<|endoftext|>'),
})
const Vocabulary = z.record(z.string(), z.number())
const Merge = z.union([z.string(), z.tuple([z.string(), z.string()]).transform((pair) => pair.join(' '))])
const TokenizerFile = z.object({ model: z.object({ vocab: Vocabulary, merges: z.array(Merge) }) })

/**
 * Reads `tokenizer_config.json` and either `vocab.json` with `merges.txt` or `tokenizer.json`.
 *
 * @throws when a file is missing or is not what its name says.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const config = TokenizerConfig.parse(await readJson(join(folder, 'tokenizer_config.json')))
  const model = await readBytePairs(folder)
  const idOf = (token: string) => {
    const id = model.ids.get(token)
    if (id === undefined) throw new Error(`${folder}: the vocabulary lacks the token ${token}.`)
    return id
  }
  const marks = { start: idOf(config.bos_token), end: idOf(config.eos_token), pad: idOf(config.pad_token) }
  const special = new Map([config.bos_token, config.eos_token].map((token) => [token, idOf(token)]))
  // A config without a limit says 10^30.
  const maxLength = Math.min(config.model_max_length, 77)
  const encode = (text: string) => encodeBytePairs(text, model, special)
  const frame = (own: readonly number[]) => {
    const ids = [marks.start, ...own, marks.end]
    return [...ids, ...new Array<number>(maxLength - ids.length).fill(marks.pad)]
  }

  return {
    maxLength,
    encode,
    frame,
    decode: (ids) => decodeBytePairs(ids, model),
    encodeParts(text) {
      const own = encode(text)
      const room = maxLength - 2
      const count = Math.max(1, Math.ceil(own.length / room))
      return Array.from({ length: count }, (_, i) => frame(own.slice(i * room, (i + 1) * room)))
    },
  }
}

async function readBytePairs(folder: string): Promise<BytePairModel> {
  const { vocabulary, merges } = await readVocabulary(folder)
  return {
    ids: new Map(Object.entries(vocabulary)),
    pieces: new Map(Object.entries(vocabulary).map(([piece, id]) => [id, piece])),
    ranks: new Map(merges.map((merge, rank) => [merge, rank])),
    seen: new Map(),
  }
}

async function readVocabulary(
  folder: string,
): Promise<{ vocabulary: Record<string, number>; merges: string[] }> {
  try {
    const lines = (await readFile(join(folder, 'merges.txt'), 'utf8')).split('\n')
    const merges = lines.filter((line) => line !== '' && !line.startsWith('#version'))
    return { vocabulary: Vocabulary.parse(await readJson(join(folder, 'vocab.json'))), merges }
  } catch (error) {
    if (!isMissing(error)) throw error
    const { model } = TokenizerFile.parse(await readJson(join(folder, 'tokenizer.json')))
    return { vocabulary: model.vocab, merges: model.merges }
  }
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'))
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
