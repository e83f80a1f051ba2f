/** The `parameters` text of A1111's web UI: prompt, negative prompt, and a last line of `Name: value` pairs. */
import { z } from 'zod'
import type { MadePicture } from './made-picture.ts'

/** What a `parameters` text says, in its own words. */
export interface ParametersText {
  prompt: string
  negativePrompt: string
  /** By name as written, such as `CFG scale`. */
  values: Map<string, string>
}

const NEGATIVE = 'Negative prompt:'
/** A name, then a value in JSON's quotes or up to the next comma. */
const PAIR = /(\w[\w \-/]{0,60}?):\s*("(?:\\.|[^"\\])*"|[^,]*)(?:,|$)/g
/** Longer lines are no line of pairs; the hashes of many LoRAs have some thousand letters. */
const longestPairs = 20_000
/** A last line with fewer pairs is a line of the prompt. */
const FEWEST_PAIRS = 3

const Told = z.object({
  prompt: z.string().catch(''),
  negativePrompt: z.string().catch(''),
  steps: z.number().optional().catch(undefined),
  sampler: z.string().optional().catch(undefined),
  guidanceScale: z.number().optional().catch(undefined),
  seed: z.number().optional().catch(undefined),
  strength: z.number().optional().catch(undefined),
  clipSkip: z.number().optional().catch(undefined),
})

/** The text for a picture of ours. A picture without a prompt still says its tool, seed and size. */
export function writeParameters({ tool, params, model, width, height }: MadePicture): string {
  const told = Told.parse(params)
  const values: [string, string | number | undefined][] = [
    ['Steps', told.steps],
    ['Sampler', told.sampler],
    ['CFG scale', told.guidanceScale],
    ['Seed', told.seed],
    ['Size', `${width}x${height}`],
    ['Model hash', model?.digest?.slice(0, 10)],
    ['Model', model?.id],
    ['Denoising strength', told.strength],
    ['Clip skip', told.clipSkip === 1 ? undefined : told.clipSkip],
    ['Tool', tool],
    ['Version', 'DefectStudio'],
  ]
  const pairs = values.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${quoted(String(value))}`],
  )
  const negative = told.negativePrompt === '' ? [] : [`${NEGATIVE} ${told.negativePrompt}`]
  return [told.prompt, ...negative, pairs.join(', ')].join('\n')
}

/** Any text can be read; of one that is no `parameters` text all is prompt. */
export function readParameters(text: string): ParametersText {
  const lines = text.trim().split(/\r?\n/)
  const last = lines.at(-1) ?? ''
  const found = last.length > longestPairs ? [] : last.matchAll(PAIR)
  const pairs = [...found].map(([, name, value]) => [name!.trim(), unquoted(value!.trim())] as const)
  const isPairs = pairs.length >= FEWEST_PAIRS
  const words = isPairs ? lines.slice(0, -1) : lines
  const negative = words.findIndex((line) => line.trim().startsWith(NEGATIVE))
  const positiveLines = negative < 0 ? words : words.slice(0, negative)
  const negativeLines =
    negative < 0 ? [] : [words[negative]!.trimStart().slice(NEGATIVE.length), ...words.slice(negative + 1)]
  return {
    prompt: positiveLines.join('\n').trim(),
    negativePrompt: negativeLines.join('\n').trim(),
    values: new Map(isPairs ? pairs : []),
  }
}

/** What holds a mark of the line itself is written in JSON's quotes. */
function quoted(value: string): string {
  return /[,:\n"]/.test(value) ? JSON.stringify(value) : value
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value
  try {
    return z.string().parse(JSON.parse(value))
  } catch {
    return value
  }
}
