/** Both languages say everything: the same keys, every node, and every key that the pages use. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeDefinitions, paramMeta } from '@defect-studio/nodes'
import { describe, expect, it } from 'vitest'
import { fieldKind, paramSchema } from '../params/field-kind.ts'
import { en } from './en/index.ts'
import { ko } from './ko/index.ts'
import { enumKey } from './node-text.ts'

type Texts = { readonly [key: string]: string | Texts }

function flatten(texts: Texts, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[prefix + key, value]] : [...flatten(value, `${prefix}${key}.`)],
    ),
  )
}

/** English has a singular and a plural, Korean one form for all numbers. */
const withoutPlural = (key: string) => key.replace(/_(one|other)$/, '')
const keysOf = (texts: Texts) => [...new Set([...flatten(texts).keys()].map(withoutPlural))].sort()
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()

const { nodes: koNodes, ...koPages } = ko
const koreanNodes = flatten(koNodes)

describe('the languages', () => {
  it('have the same keys', () => {
    expect(keysOf(koPages)).toEqual(keysOf(en))
  })

  it('fill the same blanks in every text', () => {
    const korean = flatten(koPages)
    for (const [key, text] of flatten(en)) {
      // "{{detail}}" is the English sentence of the check itself.
      if (key.endsWith('_one') || key.startsWith('problems.')) continue
      expect(placeholders(korean.get(key) ?? ''), key).toEqual(placeholders(text))
    }
  })

  it.each(nodeDefinitions.map((definition) => [definition.type, definition] as const))(
    'have Korean words for all of the node %s',
    (type, definition) => {
      const wanted = ['title', 'description']
      for (const side of ['inputs', 'outputs'] as const)
        wanted.push(...Object.keys(definition[side]).map((name) => `${side}.${name}`))
      for (const [field, meta] of paramMeta(definition)) {
        wanted.push(`params.${field}.title`)
        if (meta.help) wanted.push(`params.${field}.help`)
        if (fieldKind(definition, field, meta) === 'select')
          for (const option of paramSchema(definition, field).enum ?? [])
            wanted.push(`params.${field}.options.${enumKey(option)}`)
      }
      expect(wanted.filter((key) => !koreanNodes.get(`${type}.${key}`))).toEqual([])
    },
  )

  it('have no words for nodes that do not exist', () => {
    expect(Object.keys(koNodes).sort()).toEqual(nodeDefinitions.map(({ type }) => type).sort())
  })

  it('have every key that a page asks for by name', () => {
    const known = new Set(keysOf(en))
    const asked = sources(join(import.meta.dirname, '..')).flatMap((text) =>
      [...text.matchAll(/\bt\(\s*'([A-Za-z]+\.[\w.-]+)'/g)].map(([, key]) => key ?? ''),
    )
    expect(asked.length).toBeGreaterThan(150)
    expect(asked.filter((key) => !known.has(key))).toEqual([])
  })
})

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.') && !file.includes('__generated__'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
}
