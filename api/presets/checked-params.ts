/** What somebody saves in a preset has to fit the tool as it is today; everything that does not is named. */
import { findDefinition, fitPreset, type JsonValue } from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'
import { ProblemError } from '../problem.ts'

/** @throws ProblemError 422 with one place for each param that does not fit. */
export function checkedParams(
  tool: string,
  params: Record<string, JsonValue>,
): { toolVersion: number; params: Prisma.InputJsonObject } {
  const definition = findDefinition(tool)
  const fit = fitPreset(tool, params)
  if (!definition || !fit)
    throw new ProblemError('invalid-request', `There is no tool "${tool}".`, {
      remedy: 'Name a node type; GET /node-types lists them.',
      problems: [{ code: 'unknown-tool', field: 'tool', message: `There is no tool "${tool}".` }],
    })
  if (fit.leftOut.length > 0)
    throw new ProblemError(
      'invalid-request',
      `${fit.leftOut.map(({ field }) => `"${field}"`).join(', ')} cannot be part of a preset of ${definition.title}.`,
      {
        remedy: 'Correct or leave out the marked params.',
        problems: fit.leftOut.map(({ field, message }) => ({
          code: 'bad-param',
          field: `params.${field}`,
          message,
        })),
      },
    )
  return { toolVersion: definition.version, params: fit.params }
}
