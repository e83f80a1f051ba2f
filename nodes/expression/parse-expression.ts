/** Reads an expression: `width >= 512 and not contains(prompt, 'rust')`. Its types are checked here, once. */
import { ExpressionError } from './expression-error.ts'
import {
  findFunction,
  functionNames,
  type ExpressionFunction,
  type ValueType,
} from './expression-functions.ts'
import { facts, isFactName, type FactName, type Value } from './facts.ts'
import { readTokens, type Token } from './read-tokens.ts'

export type Sign = '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%' | 'and' | 'or'

export type Expression =
  | { kind: 'value'; value: Value; gives: ValueType }
  | { kind: 'fact'; name: FactName; gives: ValueType }
  | { kind: 'not'; of: Expression; gives: ValueType }
  | { kind: 'minus'; of: Expression; gives: ValueType }
  | { kind: 'two'; sign: Sign; left: Expression; right: Expression; gives: ValueType }
  | { kind: 'call'; function: ExpressionFunction; values: Expression[]; gives: ValueType }

/** Characters of one expression; with it every other bound follows, since each part has at least one character. */
export const longestExpression = 1000
/** How many brackets, `not` and `-` may lie in each other; a person writes three. */
const deepest = 32

/** From the loosest binding to the tightest. */
const levels: readonly { signs: readonly Sign[]; takes: 'condition' | 'number' | 'alike' }[] = [
  { signs: ['or'], takes: 'condition' },
  { signs: ['and'], takes: 'condition' },
  { signs: ['==', '!=', '<', '<=', '>', '>='], takes: 'alike' },
  { signs: ['+', '-'], takes: 'number' },
  { signs: ['*', '/', '%'], takes: 'number' },
]

const otherSpelling: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '!': 'not' }

/** @throws ExpressionError with the place of what is wrong. */
export function parseExpression(source: string): Expression {
  if (source.length > longestExpression)
    throw new ExpressionError(longestExpression, `An expression has at most ${longestExpression} characters.`)
  const tokens = readTokens(source)
  let next = 0
  let depth = 0
  const peek = (): Token => tokens[next] ?? { kind: 'end', text: '', at: source.length }
  const spelt = (): string => (peek().kind === 'text' ? '' : (otherSpelling[peek().text] ?? peek().text))
  const expect = (sign: string) => {
    if (peek().kind !== 'sign' || peek().text !== sign) throw unexpected(peek(), `"${sign}" belongs here`)
    next++
  }

  function deeper<T>(read: () => T): T {
    if (++depth > deepest)
      throw new ExpressionError(peek().at, `Too many brackets: at most ${deepest} in each other.`)
    const result = read()
    depth--
    return result
  }

  function readLevel(level: number): Expression {
    const rule = levels[level]
    if (!rule) return readOne()
    let left = readLevel(level + 1)
    for (let sign = signOf(rule.signs); sign; sign = signOf(rule.signs)) {
      const at = peek().at
      next++
      const right = readLevel(level + 1)
      const wanted = rule.takes === 'alike' ? left.gives : rule.takes
      if (left.gives !== wanted || right.gives !== wanted)
        throw new ExpressionError(
          at,
          `"${sign}" stands between ${said(left.gives)} and ${said(right.gives)}.`,
        )
      if (rule.takes === 'alike' && wanted === 'condition')
        throw new ExpressionError(at, `"${sign}" cannot compare conditions; join them with and, or, not.`)
      left = { kind: 'two', sign, left, right, gives: rule.takes === 'number' ? 'number' : 'condition' }
    }
    return left
  }
  const signOf = (signs: readonly Sign[]): Sign | undefined => signs.find((sign) => sign === spelt())

  function readOne(): Expression {
    const token = peek()
    next++
    if (token.kind === 'number') return { kind: 'value', value: Number(token.text), gives: 'number' }
    if (token.kind === 'text') return { kind: 'value', value: token.text, gives: 'text' }
    const sign = otherSpelling[token.text] ?? token.text
    if (sign === 'not' || sign === '-') {
      // `not` reaches over a comparison, `-` over one number.
      const of = deeper(() => (sign === 'not' ? readLevel(2) : readOne()))
      const wanted = sign === 'not' ? 'condition' : 'number'
      if (of.gives !== wanted)
        throw new ExpressionError(token.at, `"${token.text}" stands before ${said(of.gives)}.`)
      return { kind: sign === 'not' ? 'not' : 'minus', of, gives: wanted }
    }
    if (token.kind === 'sign' && token.text === '(') {
      const inner = deeper(() => readLevel(0))
      expect(')')
      return inner
    }
    if (token.kind === 'word') return readWord(token)
    throw unexpected(token, 'a value belongs here')
  }

  function readWord(token: Token): Expression {
    if (token.text === 'true' || token.text === 'false')
      return { kind: 'value', value: token.text === 'true', gives: 'condition' }
    if (isFactName(token.text)) return { kind: 'fact', name: token.text, gives: facts[token.text] }
    const called = findFunction(token.text)
    if (!called)
      throw new ExpressionError(
        token.at,
        `"${token.text}" is not known. Known are ${[...Object.keys(facts), ...functionNames].join(', ')}.`,
      )
    expect('(')
    const values = called.takes.map((wanted, index) => {
      if (index > 0) expect(',')
      const at = peek().at
      const value = deeper(() => readLevel(0))
      if (value.gives !== wanted)
        throw new ExpressionError(at, `${token.text}() takes ${said(wanted)} here, not ${said(value.gives)}.`)
      return value
    })
    expect(')')
    return { kind: 'call', function: called, values, gives: called.gives }
  }

  const whole = readLevel(0)
  if (peek().kind !== 'end') throw unexpected(peek(), 'the expression should end here, or go on with and, or')
  return whole
}

const said = (type: ValueType): string =>
  ({ number: 'a number', text: 'a text', condition: 'a condition' })[type]

function unexpected(token: Token, wanted: string): ExpressionError {
  const found =
    token.kind === 'end' ? 'The expression ends too early' : `"${token.text}" does not belong here`
  return new ExpressionError(token.at, `${found}: ${wanted}.`)
}
