/** Conditions: what they mean, what is said when they are wrong, and that any text ends soon and in words. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StudioError } from '../failures.ts'
import { conditionProblem, conditionText, holds } from './condition.ts'
import { evaluate, mostSteps } from './evaluate.ts'
import { ExpressionError } from './expression-error.ts'
import { factsOf, facts as factTypes, type Facts } from './facts.ts'
import { functionNames } from './expression-functions.ts'
import { longestExpression, parseExpression } from './parse-expression.ts'

const facts: Facts = factsOf({
  item: { name: 'part-07.PNG', index: 3 },
  image: { width: 640, height: 480, bytes: 1000 },
  text: 'a Crack in steel',
  number: 0.25,
  made: { tool: 'inpaint', nodeId: 'n', seed: 7, model: 'starter', prompt: '녹슨 강철' },
})
const bare = factsOf({
  item: { name: 'a', index: 0 },
  image: undefined,
  text: undefined,
  number: undefined,
  made: undefined,
})

test.each([
  ['true', true],
  ['width >= 512 and height < 500', true],
  ['width == 640 && height != 480', false],
  ['width / height > 1.3 or false', true],
  ['not contains(text, "Crack")', false],
  ["contains(lower(text), 'crack')", true],
  ["startsWith(name, 'part') and endsWith(name, '.PNG')", true],
  ["glob(name, 'part-??.*')", true],
  ["glob(name, '*-07')", false],
  ["glob(name, '*')", true],
  ['index % 2 == 1', true],
  ['2 + 3 * 4 == 14 and (2 + 3) * 4 == 20', true],
  ['7 - 2 - 1 == 4', true],
  ['-number < 0', true],
  ['not width < 512 and seed == 7', true],
  ['!(width < 512) || false', true],
  ["prompt == '녹슨 강철' and length(prompt) == 5", true],
  ["tool == 'inpaint' and model > 'a'", true],
  ['max(abs(-3), min(1, 2)) == 3 and round(0.5) == floor(1.9)', true],
  ['1 / 0 > 5', true],
])('%s is %s', (source, result) => {
  expect(conditionProblem(source)).toBeNull()
  expect(holds(source, facts)).toBe(result)
})

test.each([
  ['number > 0', false],
  ['number <= 0', false],
  ['seed == 0', false],
  ['seed != 0', true],
  ["prompt == ''", true],
])('what is not known of an item: %s is %s', (source, result) => expect(holds(source, bare)).toBe(result))

test.each([
  ['', 1, 'ends too early'],
  ['width >', 8, 'ends too early'],
  ['width > height)', 15, '")" does not belong'],
  ['(width > 1', 11, 'ends too early'],
  ['widht > 1', 1, '"widht" is not known. Known are name, index'],
  ['constructor == 1', 1, 'not known'],
  ['toString()', 1, 'not known'],
  ["name == 'x", 9, 'closing quotation mark'],
  ['width = 5', 7, '"=" has no meaning'],
  ['width; height', 6, '";" has no meaning'],
  ["width > 'a'", 7, 'between a number and a text'],
  ['width and true', 7, 'between a number and a condition'],
  ['contains(name, 5)', 16, 'takes a text here, not a number'],
  ['contains(name)', 14, '"," belongs here'],
  ['-name == 1', 1, 'stands before a text'],
  ['not width', 1, 'stands before a number'],
  ['true == false', 6, 'cannot compare conditions'],
  ['1 < 2 < 3', 7, 'between a condition and a number'],
  [`${'('.repeat(33)}true${')'.repeat(33)}`, 34, 'Too many brackets'],
  [`${'not '.repeat(40)}true`, 133, 'Too many brackets'],
])('%s is refused at character %i', (source, character, message) => {
  const problem = conditionProblem(source)
  expect(problem).toContain(message)
  expect(problem).toContain(`Character ${character}:`)
})

test('a value that is no condition is refused with what to do', () =>
  expect(conditionProblem('width + 1')).toBe(
    'This gives a number; compare it with something, as in width > 512.',
  ))

test('a param says where its condition is wrong, and an empty case is allowed where it may be', () => {
  const refused = conditionText(false).safeParse('width >> 3')
  expect(refused.error?.issues.map(({ message }) => message)).toEqual([
    'Character 8: ">" does not belong here: a value belongs here.',
  ])
  expect(conditionText(false).safeParse(' ').success).toBe(false)
  expect(conditionText(true).safeParse(' ').success).toBe(true)
  expect(holds(' ', facts)).toBe(false)
  expect(conditionText(true).safeParse(`${'1 + '.repeat(300)}1 == 1`).error?.issues[0]?.message).toContain(
    `at most ${longestExpression} characters`,
  )
})

test('an expression that would never end over a long text is stopped, and says so', () => {
  const text = 'a'.repeat(50_000)
  const stopped = () => holds(`glob(text, '${'*a'.repeat(400)}b')`, { ...facts, text })
  expect(stopped).toThrow(StudioError)
  expect(stopped).toThrow(`more than ${mostSteps} steps`)
})

test('a glob finds what the same pattern with every reading tried would find', () => {
  const every = (text: string, pattern: string): boolean => {
    if (pattern === '') return text === ''
    if (pattern[0] === '*')
      return every(text, pattern.slice(1)) || (text !== '' && every(text.slice(1), pattern))
    return (
      text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && every(text.slice(1), pattern.slice(1))
    )
  }
  const few = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 })
  fc.assert(
    fc.property(few('ab'), few('ab*?'), (text, pattern) => {
      expect(holds(`glob(text, '${pattern}')`, { ...facts, text })).toBe(every(text, pattern))
    }),
    { numRuns: 500 },
  )
})

/** Text that looks like an expression, so that the parser gets far before it refuses. */
const nearly = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Object.keys(factTypes), ...functionNames, 'true', 'false', 'and', 'or', 'not'),
      fc.constantFrom(
        '(',
        ')',
        ',',
        '==',
        '!=',
        '<',
        '>=',
        '+',
        '-',
        '*',
        '/',
        '%',
        '!',
        '&&',
        '||',
        "'",
        '"',
      ),
      fc.nat(1000).map(String),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(' '))

test('any text ends: in a value within the bound of steps, or in words that say where it is wrong', () => {
  fc.assert(
    fc.property(
      fc.oneof(nearly, fc.string({ unit: 'binary', maxLength: 300 })),
      fc.string({ maxLength: 200 }),
      (source, text) => {
        try {
          const value = evaluate(parseExpression(source), { ...facts, text })
          expect(['boolean', 'number', 'string']).toContain(typeof value)
        } catch (error) {
          if (error instanceof ExpressionError) {
            expect(error.at).toBeGreaterThanOrEqual(0)
            expect(error.at).toBeLessThanOrEqual(source.length)
          } else expect(error).toBeInstanceOf(StudioError)
        }
      },
    ),
    { numRuns: 2000 },
  )
})

test('the longest expressions that can be written, nested as deep as they may be, are worked out', () => {
  for (const source of [
    `${'1 + '.repeat(240)}1 == 241`,
    `${'true and '.repeat(100)}true`,
    `${'('.repeat(32)}true${')'.repeat(32)}`,
    `${'-'.repeat(32)}1 == 1`,
  ])
    expect(holds(source, facts)).toBe(true)
})
