/** Reads `name=value` arguments, as `--input` and `--param` take them. */
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

export type ParamValue = null | boolean | number | string | ParamValue[] | { [key: string]: ParamValue }

/** A param as people type it: JSON where it is JSON (`0.5`, `true`, `null`), else the text as it stands. */
export function parseParamValue(text: string): ParamValue {
  try {
    const value: ParamValue = JSON.parse(text)
    return value
  } catch {
    return text
  }
}
