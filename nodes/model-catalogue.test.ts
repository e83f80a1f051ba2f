/** What the catalogue says fits together: a person pulls an entry by its name, and nothing asks again. */
import { expect, test } from 'vitest'
import { modelCatalogue } from './model-catalogue.ts'
import { modelKinds } from './model-kinds.ts'

test('every entry has a name of its own that is an id', () => {
  const names = modelCatalogue.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9.-]*$/)
})

test('what is no diffusion names its files and says in its config what it is for', () => {
  for (const { name, kind, files, config } of modelCatalogue) {
    expect(modelKinds, name).toContain(kind)
    if (kind === 'diffusion') continue
    expect(config?.['task'], name).toBe(kind)
    expect(
      Object.values(files ?? {}).filter((file) => file.endsWith('model.onnx')).length,
      name,
    ).toBeGreaterThan(0)
  }
})

test('every tool that needs a model has one to pull', () => {
  const kinds = new Set(modelCatalogue.map(({ kind }) => kind))
  for (const kind of ['diffusion', 'matting', 'image-text', 'super-resolution'] as const)
    expect(kinds).toContain(kind)
})
