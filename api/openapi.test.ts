/** Proves that the API describes itself whole: every route, every node type, nothing that a client could not resolve. */
import { nodeDefinitions } from '@defect-studio/nodes'
import { expect, test } from 'vitest'
import { openapiDocument } from './openapi.ts'
import { routes } from './routes/index.ts'

const text = JSON.stringify(openapiDocument())
const document = JSON.parse(text) as {
  paths: Record<string, Record<string, { security: unknown[] }>>
  components: { schemas: Record<string, unknown> }
}

test('every route is described, with its caller', () => {
  for (const route of routes) {
    const operation = document.paths[`/api/v1${route.path.replace(/:(\w+)/g, '{$1}')}`]?.[route.method]
    expect(operation, `${route.method} ${route.path}`).toBeDefined()
    expect(operation?.security.length === 0, route.path).toBe(route.auth === 'public')
  }
})

test('no two routes have the same method and path', () => {
  expect(new Set(routes.map((route) => `${route.method} ${route.path}`)).size).toBe(routes.length)
})

test('the params of every node type are a component', () => {
  const names = Object.keys(document.components.schemas).filter((name) => name.endsWith('Params'))
  expect(names).toHaveLength(nodeDefinitions.length)
  expect(names).toContain('DrawDefectParams')
})

test('every reference leads to a component', () => {
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"/]+)"/g))
    expect(document.components.schemas, name).toHaveProperty([name ?? ''])
  expect(text).not.toContain('#/$defs')
})
