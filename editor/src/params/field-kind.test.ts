/** Every param of every node gets the field that it needs. */
import { findDefinition, nodeDefinitions, paramMeta } from '@defect-studio/nodes'
import { describe, expect, it } from 'vitest'
import { fieldKind, fieldKinds, paramSchema, type FieldKind } from './field-kind.ts'

function kindOf(type: string, field: string): FieldKind {
  const definition = findDefinition(type)
  const meta = definition && paramMeta(definition).find(([name]) => name === field)?.[1]
  if (!definition || !meta) throw new Error(`There is no param ${type}.${field}.`)
  return fieldKind(definition, field, meta)
}

describe('the field of a param', () => {
  it.each<[string, string, FieldKind]>([
    ['load-image', 'image', 'image'],
    ['load-folder', 'folder', 'collection'],
    ['prompt', 'text', 'textarea'],
    ['mask', 'drawn', 'drawn-mask'],
    ['mask', 'mode', 'select'],
    ['mask', 'shapes', 'number'],
    ['draw-defect', 'kind', 'select'],
    ['draw-defect', 'size', 'slider'],
    ['draw-defect', 'seed', 'seed'],
    ['inpaint', 'model', 'model'],
    ['inpaint', 'sampler', 'select'],
    ['text-to-image', 'width', 'number'],
  ])('%s.%s is edited by a %s field', (type, field, kind) => {
    expect(kindOf(type, field)).toBe(kind)
  })

  it('exists for every param of the catalogue', () => {
    for (const definition of nodeDefinitions)
      for (const [field, meta] of paramMeta(definition))
        expect(fieldKinds, `${definition.type}.${field}`).toContain(fieldKind(definition, field, meta))
  })

  it('has two ends wherever a slider is used, also for params that may be empty', () => {
    for (const definition of nodeDefinitions)
      for (const [field, meta] of paramMeta(definition)) {
        if (fieldKind(definition, field, meta) !== 'slider') continue
        const { minimum, maximum } = paramSchema(definition, field)
        expect([typeof minimum, typeof maximum], `${definition.type}.${field}`).toEqual(['number', 'number'])
      }
  })
})
