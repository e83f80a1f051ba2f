/** The phrases that a photo is compared with, by category; people edit them as text or as JSON. */
import { StudioError } from '@defect-studio/nodes'
import { z } from 'zod'
import shipped from './phrases.json' with { type: 'json' }

const Phrase = z.string().trim().min(1).max(200)

/** Category → phrases, in the order in which a classic prompt names them. `negative` is for negative prompts alone. */
export const PhraseList = z
  .record(z.string().trim().min(1).max(50), z.array(Phrase).max(5000))
  .refine((list) => Object.values(list).some((phrases) => phrases.length > 0), 'it has no phrase')
export type PhraseList = z.infer<typeof PhraseList>

export const shippedPhrases: PhraseList = PhraseList.parse(shipped)

/** The category whose phrases only a negative prompt uses. */
export const negativeCategory = 'negative'

/**
 * Reads phrases as a person writes them: one on each line, a category's name before its phrases as `[defect]`; or JSON
 * of the same shape as `phrases.json`.
 *
 * @throws StudioError 'invalid-input' with what is wrong.
 */
export function readPhrases(text: string): PhraseList {
  const read = PhraseList.safeParse(text.trimStart().startsWith('{') ? parseJson(text) : parseLines(text))
  if (!read.success)
    throw new StudioError(
      'invalid-input',
      `The list of phrases cannot be used: ${z.prettifyError(read.error)}`,
    )
  return read.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new StudioError('invalid-input', `The list of phrases is no JSON: ${String(error)}`, {
      cause: error,
    })
  }
}

function parseLines(text: string): PhraseList {
  const list: PhraseList = {}
  let category = 'phrases'
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1]
    if (heading !== undefined) category = heading
    else if (line !== '') (list[category] ??= []).push(line)
  }
  return list
}
