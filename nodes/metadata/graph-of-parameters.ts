/** Draws a text-to-image graph from a `parameters` text, and says what of it has no counterpart here. */
import type { Graph } from '../graph.ts'
import type { JsonValue } from '../json-value.ts'
import { maxPromptLength } from '../params.ts'
import { graphOfTool } from './graph-of-tool.ts'
import { nearestSampler } from './nearest-sampler.ts'
import { readParameters, type ParametersText } from './parameters-text.ts'

/** Values that say how a picture came to be without changing how it is made again. */
const saysNothing = new Set([
  'Version',
  'Model hash',
  'VAE hash',
  'Tool',
  'Lora hashes',
  'TI hashes',
  'Hashes',
  'Schedule type',
])
const smallest = 64
const largest = 2048
const mostNotes = 30

/** @param models ids that can be chosen; a model that is not among them is told. */
export function graphOfParameters(
  text: string,
  models: readonly string[] = [],
): { graph: Graph; notes: string[] } | null {
  const read = readParameters(text)
  // Any text is a prompt; without steps or a sampler it is nobody's settings.
  if (!read.values.has('Steps') && !read.values.has('Sampler')) return null
  const notes: string[] = []
  const values = new Map(read.values)
  const take = (name: string) => {
    const value = values.get(name)
    values.delete(name)
    return value
  }
  const params: Record<string, JsonValue> = {
    prompt: promptOf(read, 'prompt', notes),
    negativePrompt: promptOf(read, 'negativePrompt', notes),
  }
  const whole = (name: string, least: number, most: number) =>
    numberOf(take(name), name, least, most, true, notes)
  const steps = whole('Steps', 1, 150)
  const clipSkip = whole('Clip skip', 1, 12)
  const guidanceScale = numberOf(take('CFG scale'), 'CFG scale', 1, 20, false, notes)
  const seed = seedOf(take('Seed'), notes)
  for (const [name, value] of Object.entries({ steps, clipSkip, guidanceScale, seed }))
    if (value !== undefined) params[name] = value
  Object.assign(params, sizeOf(take('Size'), notes))
  const sampler = take('Sampler')
  if (sampler !== undefined) {
    const nearest = nearestSampler(sampler, take('Schedule type'))
    if (nearest) params['sampler'] = nearest.sampler
    if (!nearest) notes.push(`There is no sampler like "${sampler.slice(0, 60)}" here: the default is used.`)
    else if (!nearest.exact)
      notes.push(`The sampler "${sampler.slice(0, 60)}" became ${nearest.sampler}, the nearest here.`)
  }
  const model = take('Model')
  const known = models.find((id) => id.toLowerCase() === model?.toLowerCase())
  if (known !== undefined) params['model'] = known
  else if (model !== undefined) notes.push(`The model "${model.slice(0, 100)}" is not here: choose one.`)
  for (const [name, value] of values)
    if (!saysNothing.has(name)) notes.push(`"${name}: ${value.slice(0, 60)}" has no counterpart here.`)
  const built = graphOfTool('text-to-image', params)
  return built && { graph: built.graph, notes: [...notes, ...built.notes].slice(0, mostNotes) }
}

function promptOf(read: ParametersText, which: 'prompt' | 'negativePrompt', notes: string[]): string {
  let text = read[which]
  const extra = [...text.matchAll(/<(?:lora|lyco|hypernet):[^>]{1,200}>/g)].map(([tag]) => tag)
  for (const tag of extra) text = text.replace(tag, '')
  if (extra.length > 0)
    notes.push(`${extra.join(' ').slice(0, 200)} has no counterpart here and was left out of the prompt.`)
  if (text.length > maxPromptLength)
    notes.push(`A prompt has ${text.length} letters; the first ${maxPromptLength} were taken.`)
  // Not through the middle of a character that takes two places.
  return text
    .trim()
    .slice(0, maxPromptLength)
    .replace(/[\ud800-\udbff]$/, '')
}

function numberOf(
  text: string | undefined,
  name: string,
  least: number,
  most: number,
  isWhole: boolean,
  notes: string[],
): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text === '' || !Number.isFinite(value)) {
    notes.push(`"${name}: ${text.slice(0, 60)}" is no number: the default is used.`)
    return undefined
  }
  const fitting = Math.min(most, Math.max(least, isWhole ? Math.round(value) : value))
  if (fitting !== value)
    notes.push(`${name} ${text} became ${fitting}: ${least} … ${most} can be chosen here.`)
  return fitting
}

/** −1 stands for "any" there; null does here. */
function seedOf(text: string | undefined, notes: string[]): number | null | undefined {
  if (text === undefined) return undefined
  if (text === '-1') return null
  if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 32) return Number(text)
  notes.push(`The seed ${text.slice(0, 40)} is none here (0 … 4294967295): a new one is drawn.`)
  return null
}

function sizeOf(text: string | undefined, notes: string[]): { width?: number; height?: number } {
  const match = /^(\d{1,6})x(\d{1,6})$/.exec(text ?? '')
  if (!match) return {}
  const [width, height] = [match[1], match[2]].map((side) =>
    Math.min(largest, Math.max(smallest, Math.round(Number(side) / 8) * 8)),
  )
  if (`${width}x${height}` !== text)
    notes.push(
      `The size ${text} became ${width}x${height}: sides are multiples of 8, ${smallest} … ${largest}.`,
    )
  return { width: width!, height: height! }
}
