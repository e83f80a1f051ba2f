/** The API's own description, made from the routes and the catalogue; needs no database and no server. */
import { describeNode, nodeDefinitions, RunEvent } from '@defect-studio/nodes'
import { z } from 'zod'
import {
  createDocument,
  type oas31,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi'
import type { Route } from './define-route.ts'
import { Problem } from './problem.ts'
import { routes } from './routes/index.ts'
import { EventMessage } from './shapes/events.ts'
import { RunMessage } from './shapes/run.ts'

export function openapiDocument(): oas31.OpenAPIObject {
  const paths: ZodOpenApiPathsObject = {}
  for (const route of routes) {
    const path = `/api/v1${route.path.replace(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [route.method]: describeRoute(route) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'DefectStudio',
      version: '1',
      description: 'Graphs, runs and pictures. Refusals are RFC 9457 problems with a code and a remedy.',
    },
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        member: { type: 'http', scheme: 'bearer', description: 'An access token, or an API key (dsk_…).' },
        worker: { type: 'http', scheme: 'bearer', description: 'A worker token (dsw_…).' },
      },
      schemas: { RunEvent: RunEvent.meta({ id: 'RunEvent' }), RunMessage, EventMessage, ...paramSchemas() },
    },
  })
}

const idempotencyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .max(200)
    .optional()
    .meta({
      description:
        'Of your choice, such as a UUID. The same request with the same key is done once and answered with the same thing, ' +
        'however late it comes; another request with it is refused with 409. When what it made has been removed since: 410.',
    }),
})

function describeRoute(route: Route): ZodOpenApiOperationObject {
  const body = requestBody(route)
  return {
    tags: [route.tag],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    security: route.auth === 'public' ? [] : [{ [route.auth === 'worker' ? 'worker' : 'member']: [] }],
    requestParams: {
      ...(route.params ? { path: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...(route.idempotent ? { header: idempotencyHeader } : {}),
    },
    ...(body ? { requestBody: body } : {}),
    responses: {
      [`${route.status}` as `2${string}`]: success(route),
      ...Object.fromEntries(
        Object.entries(route.otherwise ?? {}).map(([status, { description, response }]) => [
          status,
          { description, ...(response ? { content: { 'application/json': { schema: response } } } : {}) },
        ]),
      ),
      default: { description: 'A problem', content: { 'application/problem+json': { schema: Problem } } },
    },
  }
}

function requestBody(route: Route): ZodOpenApiOperationObject['requestBody'] {
  if (route.takes === 'file') {
    const file = z.string().meta({ override: { type: 'string', format: 'binary' } })
    return { required: true, content: { 'multipart/form-data': { schema: z.object({ file }) } } }
  }
  if (route.takes === 'message') return { required: true, content: { 'application/json': { schema: {} } } }
  if (route.takes === 'bytes')
    return { required: true, content: { '*/*': { schema: { type: 'string', format: 'binary' } } } }
  return route.body && { required: true, content: { 'application/json': { schema: route.body } } }
}

function success(route: Route) {
  if (route.streams)
    return {
      description: 'Streamed',
      content: { [route.streams]: { schema: { type: 'string', format: 'binary' } as const } },
    }
  return {
    description: 'Success',
    ...(route.response ? { content: { 'application/json': { schema: route.response } } } : {}),
  }
}

/** `DrawDefectParams` and so on: the params of each node type, as its form has them. */
function paramSchemas(): Record<string, oas31.SchemaObject> {
  return Object.fromEntries(
    nodeDefinitions.map((definition) => {
      const name = definition.type.replace(/(^|-)(\w)/g, (_all, _dash, letter: string) =>
        letter.toUpperCase(),
      )
      const { $schema: _draft, ...schema } = describeNode(definition).params
      return [`${name}Params`, schema]
    }),
  )
}
