/** What people type, and what it weighs. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPromptWeights } from './prompt-weights.ts'

/** `text*weight` for each stretch, weights to four digits. */
const read = (prompt: string) =>
  readPromptWeights(prompt).stretches.map(({ text, weight }) => `${text}*${Number(weight.toPrecision(4))}`)

describe('readPromptWeights', () => {
  it.each([
    ['a (red) ball', ['a *1', 'red*1.1', ' ball*1']],
    ['((rust))', ['rust*1.21']],
    ['(rust:1.3) on steel', ['rust*1.3', ' on steel*1']],
    ['[noise]', ['noise*0.9091']],
    ['[[noise]]', ['noise*0.8264']],
    ['(a (b:2) c)', ['a *1.1', 'b*2.2', ' c*1.1']],
    ['(a [b] c:1.5)', ['a *1.5', 'b*1.364', ' c*1.5']],
    ['([b])', ['b*1']],
    ['(x: 0.5 )', ['x*0.5']],
    ['(x:-1)(y:.5)(z:+2.)', ['x*-1', 'y*0.5', 'z*2']],
    ['(word:1.2', ['(word:1.2*1']],
    ['a:1.2) b', ['a:1.2) b*1']],
    ['(a:b)', ['a:b*1.1']],
    ['(4:3 format:1.2)', ['4:3 format*1.2']],
    ['\\(plain\\) \\[text\\] \\\\', ['(plain) [text] \\*1']],
    ['(see \\(fig. 1\\):1.4)', ['see (fig. 1)*1.4']],
    ['a back\\slash', ['a back\\slash*1']],
    ['smile :( and ]sad[', ['smile :( and ]sad[*1']],
    ['(a ]b)', ['a ]b*1.1']],
    ['(a [b)', ['a [b*1.1']],
    ['((a) b', ['(*1', 'a*1.1', ' b*1']],
    ['(강철:1.2) 🔩', ['강철*1.2', ' 🔩*1']],
    ['()', ['*1']],
    ['', ['*1']],
  ])('reads %s', (prompt, expected) => expect(read(prompt)).toEqual(expected))

  it('leaves a prompt without brackets as it is, to the letter', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => !/[()[\]\\]/.test(text))
    fc.assert(
      fc.property(plain, (text) => {
        expect(readPromptWeights(text)).toEqual({ stretches: [{ text, weight: 1 }], notes: [] })
      }),
    )
  })

  it('never fails and never invents a letter, whatever brackets come in whatever order', () => {
    const messy = fc
      .array(fc.constantFrom('(', ')', '[', ']', ':1.5)', '\\', 'a', ' ', ':'))
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(messy, (text) => {
        const { stretches } = readPromptWeights(text)
        expect(stretches.every(({ weight }) => Number.isFinite(weight) && Math.abs(weight) <= 10)).toBe(true)
        const left = stretches.map((stretch) => stretch.text).join('')
        expect(left.replace(/[^a ]/g, '')).toBe(text.replace(/[^a ]/g, ''))
      }),
    )
  })

  it('takes a bracket in its opposite as plain', () => {
    expect(readPromptWeights('a ([b]) c')).toEqual({ stretches: [{ text: 'a b c', weight: 1 }], notes: [] })
    expect(readPromptWeights(`((x:0):${'9'.repeat(400)})`).stretches).toEqual([{ text: 'x', weight: 0 }])
  })

  it('stops at ten times and says so', () => {
    const { stretches, notes } = readPromptWeights('(rust:1000) steel')
    expect(stretches[0]).toEqual({ text: 'rust', weight: 10 })
    expect(notes).toEqual(['"rust" would count 1000 times; 10 times is the most.'])
  })
})
