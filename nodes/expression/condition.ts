/** A condition as a param of a node: refused with its place while the graph is drawn, judged item by item in a run. */
import { z } from 'zod'
import { evaluate } from './evaluate.ts'
import { ExpressionError } from './expression-error.ts'
import type { Facts } from './facts.ts'
import { longestExpression, parseExpression } from './parse-expression.ts'

/** What is wrong with the text of a condition, with its place; null when nothing is. */
export function conditionProblem(source: string): string | null {
  try {
    const { gives } = parseExpression(source)
    return gives === 'condition'
      ? null
      : `This gives a ${gives}; compare it with something, as in width > 512.`
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return `Character ${error.at + 1}: ${error.message}`
  }
}

/** @param mayBeEmpty an empty one is true of nothing. */
export const conditionText = (mayBeEmpty: boolean) =>
  z
    .string()
    .max(longestExpression, `A condition has at most ${longestExpression} characters.`)
    .superRefine((source, context) => {
      const problem = mayBeEmpty && source.trim() === '' ? null : conditionProblem(source)
      if (problem !== null) context.addIssue({ code: 'custom', message: problem })
    })

/** @throws StudioError as `evaluate`. An empty condition is true of nothing. */
export function holds(source: string, facts: Facts): boolean {
  return source.trim() !== '' && evaluate(parseExpression(source), facts) === true
}
