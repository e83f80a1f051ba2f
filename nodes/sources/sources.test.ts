/** What people write into lists and grids becomes what they meant, or is refused in words; never more than the bound. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parameterGrid } from '../catalogue/parameter-grid.ts'
import { promptList } from '../catalogue/prompt-list.ts'
import { galleryQuery } from '../catalogue/gallery-query.ts'
import { type GridAxes, gridPoints, gridSize, numberedNames } from './grid-points.ts'
import { parseNumberList } from './number-list.ts'
import { parsePromptLines } from './prompt-lines.ts'
import { climbs, fileNamePattern } from './source-params.ts'

const axes = (given: Partial<GridAxes>): GridAxes => ({ ...parameterGrid.params.parse({}), ...given })

describe('a list of numbers', () => {
  test.each<[string, number[]]>([
    ['', []],
    ['7', [7]],
    ['7, 11', [7, 11]],
    ['1-5', [1, 2, 3, 4, 5]],
    ['1 - 3; 9', [1, 2, 3, 9]],
    ['0.2-0.8:0.2', [0.2, 0.4, 0.6, 0.8]],
    ['0.1-0.3:0.1 0.9', [0.1, 0.2, 0.3, 0.9]],
    ['5-5', [5]],
  ])('%j gives %j', (text, numbers) => {
    expect(parseNumberList(text, { min: 0, max: 100 })).toEqual({ ok: true, numbers })
  })

  test.each<[string, string]>([
    ['x', '"x" is no number and no range'],
    ['1-', 'no number and no range'],
    ['9-1', 'ends before it begins'],
    ['1-9:0', 'a step of 0'],
    ['101', '101 lies outside of 0 … 100'],
    ['0.5', 'is not whole'],
    ['1e9', 'no number and no range'],
    ['-3', 'no number and no range'],
  ])('%j is refused: %s', (text, message) => {
    const read = parseNumberList(text, { min: 0, max: 100, whole: true })
    expect(read).toMatchObject({ ok: false, message: expect.stringContaining(message) as string })
  })

  test('never has more numbers than a list may have items', () => {
    const read = parseNumberList('0-4294967295', { min: 0, max: 2 ** 32 - 1, whole: true })
    expect(read).toMatchObject({ ok: false, message: 'This list has more than 100000 numbers.' })
  })
})

describe('a list of prompts', () => {
  test('has one prompt for each line that is not empty', () => {
    expect(parsePromptLines(' a \r\n\n{b}\n  ', true)).toEqual({ ok: true, prompts: ['a', '{b}'] })
  })

  test('has one prompt for each choice, the last changing first', () => {
    const read = parsePromptLines('{fine|deep} {scratch|crack} on {steel|}', true)
    expect(read.ok && read.prompts).toEqual([
      'fine scratch on steel',
      'fine scratch on',
      'fine crack on steel',
      'fine crack on',
      'deep scratch on steel',
      'deep scratch on',
      'deep crack on steel',
      'deep crack on',
    ])
    expect(parsePromptLines('{a|b}', false)).toEqual({ ok: true, prompts: ['{a|b}'] })
  })

  test('is refused before it is built when it would be too long', () => {
    const bomb = '{a|b}'.repeat(64)
    expect(parsePromptLines(bomb, true)).toMatchObject({ ok: false })
    expect(promptList.params.safeParse({ lines: bomb, alternatives: true }).error?.issues).toMatchObject([
      { path: ['lines'], message: 'This list stands for more than 100000 prompts.' },
    ])
    expect(parsePromptLines(`a\n${'x'.repeat(2001)}`, false)).toMatchObject({
      message: 'Line 2 is too long: a prompt may have 2000 characters.',
    })
  })
})

describe('a grid', () => {
  test('multiplies the axes that are given, seeds changing first', () => {
    const grid = gridPoints(axes({ prompts: 'a\nb', seeds: '1-2', strengths: '0.5' }), () => 0)
    expect(grid.ok && grid.points).toEqual([
      { prompt: 'a', strength: 0.5, seed: 1 },
      { prompt: 'a', strength: 0.5, seed: 2 },
      { prompt: 'b', strength: 0.5, seed: 1 },
      { prompt: 'b', strength: 0.5, seed: 2 },
    ])
  })

  test('draws each seed once, and never one that is there', () => {
    let drawn = 0
    const draw = () => (drawn++, 5)
    const grid = gridPoints(axes({ seeds: '5', randomSeeds: 3 }), draw)
    expect(grid.ok && grid.points.map(({ seed }) => seed)).toEqual([5, 6, 7, 8])
    expect(drawn).toBe(3)
  })

  test('has as many points as it says, every one different, whatever the axes are', () => {
    const numbers = (max: number) =>
      fc.uniqueArray(fc.integer({ min: 1, max }), { maxLength: 4 }).map((all) => all.join(', '))
    fc.assert(
      fc.property(
        fc.record({ seeds: numbers(99), guidanceScales: numbers(20), steps: numbers(150) }),
        fc.integer({ min: 0, max: 3 }),
        (given, randomSeeds) => {
          let next = 1000
          const whole = axes({ ...given, prompts: 'a\nb', randomSeeds })
          const size = gridSize(whole)
          const grid = gridPoints(whole, () => next++)
          if (!size.ok || !grid.ok) throw new Error('refused')
          expect(grid.points).toHaveLength(size.count)
          expect(new Set(grid.points.map((point) => JSON.stringify(point))).size).toBe(size.count)
        },
      ),
    )
  })

  test('of more than a hundred thousand points is refused with their number', () => {
    const refused = parameterGrid.params.safeParse({ seeds: '1-1000', steps: '1-101' })
    expect(refused.error?.issues[0]?.message).toBe('This grid has 101000 points; one list may have 100000.')
    expect(parameterGrid.params.safeParse({ strengths: '2' }).error?.issues).toMatchObject([
      { path: ['strengths'], message: '2 lies outside of 0 … 1.' },
    ])
  })

  test('names its points so that they sort as they were made', () => {
    const names = numberedNames('grid', 100_000)
    expect([names[0], names[99_999]]).toEqual(['grid-000001', 'grid-100000'])
    expect(names).toEqual([...names].sort())
    expect(numberedNames('grid', 3)[2]).toBe('grid-0003')
  })
})

test.each(['/etc', '../x', 'a/../../x', 'C:\\x', 'a\\..\\b'])('the path %s leads out', (path) => {
  expect(climbs(path)).toBe(true)
})
test.each(['', 'a/b', 'a..b/c', '.hidden'])('the path %j does not lead out', (path) => {
  expect(climbs(path)).toBe(false)
})

test('a pattern with many stars is refused', () => {
  expect(fileNamePattern().safeParse('*a*a*a*a*').success).toBe(false)
  expect(fileNamePattern().safeParse('**/cam?_*.{png,jpg}').success).toBe(true)
})

test.each(['2026-02-31', '2026-13-01', 'yesterday', '2026-1-1'])('%s is no day', (from) => {
  expect(galleryQuery.params.safeParse({ from }).success).toBe(false)
})
