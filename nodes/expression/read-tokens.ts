/** Cuts the text of an expression into tokens; each knows its place, so that a refusal can name it. */
import { ExpressionError } from './expression-error.ts'

export interface Token {
  kind: 'number' | 'text' | 'word' | 'sign' | 'end'
  text: string
  /** 0-based place in the source. */
  at: number
}

const signs = ['&&', '||', '==', '!=', '<=', '>=', '<', '>', '(', ')', ',', '!', '+', '-', '*', '/', '%']
const space = /[ \t\r\n]/
const digit = /[0-9]/
const letter = /[A-Za-z]/

/** @throws ExpressionError at a character that means nothing. */
export function readTokens(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  /** Every turn moves on by at least one character. */
  while (at < source.length) {
    const character = source[at] ?? ''
    if (space.test(character)) {
      at++
      continue
    }
    const token = readToken(source, at, character)
    tokens.push(token.token)
    at = token.next
  }
  return [...tokens, { kind: 'end', text: '', at }]
}

function readToken(source: string, at: number, character: string): { token: Token; next: number } {
  if (character === "'" || character === '"') {
    const end = source.indexOf(character, at + 1)
    if (end < 0) throw new ExpressionError(at, 'This text has no closing quotation mark.')
    return { token: { kind: 'text', text: source.slice(at + 1, end), at }, next: end + 1 }
  }
  if (digit.test(character)) {
    const whole = after(source, at, digit)
    const hasFraction = source[whole] === '.' && digit.test(source[whole + 1] ?? '')
    const next = hasFraction ? after(source, whole + 1, digit) : whole
    return { token: { kind: 'number', text: source.slice(at, next), at }, next }
  }
  if (letter.test(character)) {
    const next = after(source, at, letter)
    return { token: { kind: 'word', text: source.slice(at, next), at }, next }
  }
  const sign = signs.find((one) => source.startsWith(one, at))
  if (!sign) throw new ExpressionError(at, `"${character}" has no meaning here.`)
  return { token: { kind: 'sign', text: sign, at }, next: at + sign.length }
}

/** The first place from `at` on whose character is of another kind. */
function after(source: string, at: number, kind: RegExp): number {
  let next = at
  while (next < source.length && kind.test(source[next] ?? '')) next++
  return next
}
