/** What an expression may ask about the item that it is about to judge. */
import type { Made } from '../ports.ts'

export type FactType = 'number' | 'text'
export type Value = number | string | boolean

/** A number that is not known is no number: every comparison with it but != is false. A text is then empty. */
export const facts = {
  name: 'text',
  index: 'number',
  width: 'number',
  height: 'number',
  bytes: 'number',
  text: 'text',
  number: 'number',
  seed: 'number',
  tool: 'text',
  model: 'text',
  prompt: 'text',
  negativePrompt: 'text',
} as const satisfies Record<string, FactType>

export type FactName = keyof typeof facts
export type Facts = { readonly [K in FactName]: (typeof facts)[K] extends 'number' ? number : string }

export const isFactName = (name: string): name is FactName => Object.hasOwn(facts, name)

interface Judged {
  item: { readonly name: string; readonly index: number }
  image: { width: number; height: number; bytes: number } | undefined
  text: string | undefined
  number: number | undefined
  made: Made | undefined
}

export function factsOf({ item, image, text, number, made }: Judged): Facts {
  return {
    name: item.name,
    index: item.index,
    width: image?.width ?? Number.NaN,
    height: image?.height ?? Number.NaN,
    bytes: image?.bytes ?? Number.NaN,
    text: text ?? '',
    number: number ?? Number.NaN,
    seed: made?.seed ?? Number.NaN,
    tool: made?.tool ?? '',
    model: made?.model ?? '',
    prompt: made?.prompt ?? '',
    negativePrompt: made?.negativePrompt ?? '',
  }
}
