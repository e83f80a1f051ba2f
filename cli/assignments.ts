/** Reads `name=value` arguments, as `--input` and `--param` take them. */
import { findDefinition, type Graph, JsonValue, paramBehind } from '@defect-studio/nodes'
import { ZodType } from 'zod'
import { CommandError, exitCodes } from './exit-codes.ts'

/** Splits at the first `=`, so that values may have their own. Throws on a missing name and on doubles. */
export function parseAssignments(option: string, given: readonly string[]): Map<string, string> {
  const result = new Map<string, string>()
  for (const text of given) {
    const at = text.indexOf('=')
    if (at < 1) throw new CommandError(exitCodes.usage, `${option} "${text}" should be written name=value.`)
    const name = text.slice(0, at)
    if (result.has(name)) throw new CommandError(exitCodes.usage, `${option} names "${name}" twice.`)
    result.set(name, text.slice(at + 1))
  }
  return result
}

/**
 * A param as people type it: the text as it stands where the param takes that text (a prompt "2024" stays a text),
 * else what it says as JSON (`0.5`, `true`, `null`), else the text, for the studio to refuse with its reason.
 */
export function readParam(
  graph: Pick<Graph, 'nodes'> & Partial<Pick<Graph, 'subgraphs'>>,
  nodeId: string,
  field: string,
  text: string,
): JsonValue {
  const behind = paramBehind(graph, nodeId, field)
  const schema: unknown = behind ? findDefinition(behind.node.type)?.params.shape[behind.field] : undefined
  if (schema instanceof ZodType && schema.safeParse(text).success) return text
  try {
    return JsonValue.parse(JSON.parse(text))
  } catch {
    return text
  }
}
