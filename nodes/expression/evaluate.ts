/** Works an expression out for one item. It has no loops, and what it does is counted: it always ends. */
import { StudioError } from '../failures.ts'
import type { Facts, Value } from './facts.ts'
import type { Expression, Sign } from './parse-expression.ts'

/** One part of the expression, one character that a function reads; a usual condition takes fewer than a thousand. */
export const mostSteps = 100_000

/** @throws StudioError 'invalid-input' when it would take more than `mostSteps`, as over a very long text. */
export function evaluate(expression: Expression, facts: Facts): Value {
  let left = mostSteps
  const step = (steps: number) => {
    left -= steps
    if (left < 0)
      throw new StudioError(
        'invalid-input',
        `The condition takes more than ${mostSteps} steps for "${facts.name.slice(0, 100)}". Make it simpler, or the text shorter.`,
      )
  }
  const valueOf = (part: Expression): Value => {
    step(1)
    if (part.kind === 'value') return part.value
    if (part.kind === 'fact') return facts[part.name]
    if (part.kind === 'not') return !valueOf(part.of)
    if (part.kind === 'minus') return -Number(valueOf(part.of))
    if (part.kind === 'call') return part.function.call(part.values.map(valueOf), step)
    const first = valueOf(part.left)
    if (part.sign === 'and') return first === true && valueOf(part.right) === true
    if (part.sign === 'or') return first === true || valueOf(part.right) === true
    const second = valueOf(part.right)
    if (typeof first === 'string') step(first.length)
    return compare(part.sign, first, second)
  }
  return valueOf(expression)
}

function compare(sign: Exclude<Sign, 'and' | 'or'>, left: Value, right: Value): Value {
  switch (sign) {
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '+':
      return Number(left) + Number(right)
    case '-':
      return Number(left) - Number(right)
    case '*':
      return Number(left) * Number(right)
    case '/':
      return Number(left) / Number(right)
    case '%':
      return Number(left) % Number(right)
  }
}
