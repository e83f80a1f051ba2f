/** Takes from a sender's JSON what a graph's inputs need: plain paths, no code. */
import type { JsonValue } from '@defect-studio/nodes'
import type { RunProblem } from '@defect-studio/stores'
import { z } from 'zod'

/** Input → where its value lies in the body, as `defect.images.0.prompt`. */
export const HookMapping = z
  .record(
    z.string().min(1).max(64),
    z
      .string()
      .regex(
        /^[^.\s]{1,100}(\.[^.\s]{1,100}){0,15}$/,
        'A path is names with dots between them, at most 16: defect.images.0.prompt',
      ),
  )
  .refine((mapping) => Object.keys(mapping).length <= 50, 'A graph has 50 inputs at most.')
export type HookMapping = z.infer<typeof HookMapping>

export function mapBody(
  body: JsonValue,
  mapping: HookMapping,
): { inputs: Record<string, JsonValue>; problems: RunProblem[] } {
  const inputs: Record<string, JsonValue> = {}
  const problems: RunProblem[] = []
  for (const [input, path] of Object.entries(mapping)) {
    const value = valueAt(body, path.split('.'))
    if (value === undefined)
      problems.push({
        code: 'missing-value',
        field: path,
        message: `The body has nothing at "${path}" for the input "${input}".`,
        remedy: 'Send it, or change the mapping of the hook.',
      })
    else inputs[input] = value
  }
  return { inputs, problems }
}

function valueAt(body: JsonValue, path: readonly string[]): JsonValue | undefined {
  let at: JsonValue | undefined = body
  for (const name of path) {
    if (Array.isArray(at)) at = /^\d{1,6}$/.test(name) ? at[Number(name)] : undefined
    else if (typeof at === 'object' && at !== null) at = Object.hasOwn(at, name) ? at[name] : undefined
    else return undefined
  }
  return at
}
