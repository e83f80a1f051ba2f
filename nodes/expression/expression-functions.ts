/** The functions of expressions. Each says beforehand how many steps it takes, so that none can take long. */
import { matchesGlob } from './matches-glob.ts'
import type { Value } from './facts.ts'

type TypeOf<T> = T extends number ? 'number' : T extends string ? 'text' : 'condition'
export type ValueType = TypeOf<Value>

export interface ExpressionFunction {
  readonly takes: readonly ('number' | 'text')[]
  readonly gives: ValueType
  call(values: readonly Value[], step: (steps: number) => void): Value
}

const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '')
const number = (value: Value | undefined): number => (typeof value === 'number' ? value : Number.NaN)

/** A question about two texts; it walks through both of them. */
const asks = (question: (whole: string, part: string) => boolean): ExpressionFunction => ({
  takes: ['text', 'text'],
  gives: 'condition',
  call([whole, part], step) {
    step(text(whole).length + text(part).length)
    return question(text(whole), text(part))
  },
})

const counts = (takes: 1 | 2, of: (a: number, b: number) => number): ExpressionFunction => ({
  takes: takes === 1 ? ['number'] : ['number', 'number'],
  gives: 'number',
  call: ([a, b]) => of(number(a), number(b)),
})

const table: Readonly<Record<string, ExpressionFunction>> = {
  contains: asks((whole, part) => whole.includes(part)),
  startsWith: asks((whole, part) => whole.startsWith(part)),
  endsWith: asks((whole, part) => whole.endsWith(part)),
  glob: {
    takes: ['text', 'text'],
    gives: 'condition',
    call: ([whole, pattern], step) => matchesGlob(text(whole), text(pattern), step),
  },
  lower: {
    takes: ['text'],
    gives: 'text',
    call([whole], step) {
      step(text(whole).length)
      return text(whole).toLowerCase()
    },
  },
  length: { takes: ['text'], gives: 'number', call: ([whole]) => text(whole).length },
  abs: counts(1, Math.abs),
  floor: counts(1, Math.floor),
  round: counts(1, Math.round),
  min: counts(2, Math.min),
  max: counts(2, Math.max),
}

export const functionNames: readonly string[] = Object.keys(table)

export function findFunction(name: string): ExpressionFunction | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
