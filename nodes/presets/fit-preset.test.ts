/** What of a preset still fits the tool is kept, and everything else is named with its reason. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonValue } from '../json-value.ts'
import { findDefinition, nodeDefinitions } from '../node-definitions.ts'
import { fitPreset, presetFields } from './fit-preset.ts'
import { PresetFile, PresetName } from './preset.ts'

test('what fits is kept; unknown params and values out of range are listed by name', () => {
  const fit = fitPreset('draw-defect', { kind: 'crack', size: 7, sharpness: 1, toString: 1 })
  expect(fit?.params).toEqual({ kind: 'crack' })
  expect(fit?.leftOut.map(({ field }) => field)).toEqual(['size', 'sharpness', 'toString'])
  expect(fit?.leftOut[1]?.message).toBe('Draw defect has no param "sharpness".')
})

test('there is no fit to a tool that does not exist', () => {
  expect(fitPreset('no-such-tool', {})).toBeNull()
})

test('a picture is never part of a preset', () => {
  const load = findDefinition('load-image')
  expect(load && presetFields(load)).not.toContain('image')
  expect(fitPreset('load-image', { image: null })?.leftOut).toHaveLength(1)
})

test('the defaults of every tool fit it, and whatever is left in passes the schema of the tool', () => {
  for (const definition of nodeDefinitions) {
    const defaults = definition.params.parse({})
    const chosen = Object.fromEntries(
      presetFields(definition)
        .filter((field) => defaults[field] !== undefined)
        .map((field) => [field, JsonValue.parse(defaults[field])]),
    )
    expect(fitPreset(definition.type, chosen), definition.type).toEqual({ params: chosen, leftOut: [] })
  }
  const draw = findDefinition('draw-defect')
  const fields = fc.constantFrom('kind', 'size', 'severity', 'count', 'seed', 'other')
  fc.assert(
    fc.property(fc.dictionary(fields, fc.jsonValue()), (given) => {
      const params = JsonValue.parse(given)
      if (params === null || typeof params !== 'object' || Array.isArray(params)) return
      const fit = fitPreset('draw-defect', params)
      expect(draw?.params.safeParse(fit?.params).success).toBe(true)
      expect(Object.keys(fit?.params ?? {}).length + (fit?.leftOut.length ?? 0)).toBe(
        Object.keys(params).length,
      )
    }),
  )
})

test('a name that would be read in another direction, or holds a line break, is refused; HTML is only text', () => {
  for (const name of ['', '   ', 'a\nb', 'safe\u202Egpj.exe', 'x\u2066y', 'n'.repeat(101)])
    expect(PresetName.safeParse(name).success, JSON.stringify(name)).toBe(false)
  for (const name of ['<b>Scratch</b>', '가는 흠집', 'é'])
    expect(PresetName.safeParse(name).success, name).toBe(true)
})

test('a file of another kind or of a newer version is refused with the reason', () => {
  const presets = [{ name: 'a', tool: 'draw-defect', params: {} }]
  const messageOf = (file: object) => PresetFile.safeParse(file).error?.issues[0]?.message
  expect(messageOf({ kind: 'graph', version: 1, presets })).toBe('This is not a file of presets.')
  expect(messageOf({ kind: 'defect-studio-presets', version: 2, presets })).toContain('a newer studio')
  expect(messageOf({ kind: 'defect-studio-presets', version: 1, presets: [] })).toContain('no preset')
  expect(messageOf({ kind: 'defect-studio-presets', version: 1, presets })).toBeUndefined()
})
