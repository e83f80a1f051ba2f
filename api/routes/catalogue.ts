/** What graphs are made of: node types, models and samplers. */
import { describeNode, NodeDescription, nodeDefinitions, samplers } from '@defect-studio/nodes'
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import { Model } from '../shapes/model.ts'
import { listModels } from '../workers/list-models.ts'

const tag = 'catalogue'

const descriptions = nodeDefinitions.map((definition) => describeNode(definition))

export const listNodeTypes = defineRoute({
  operationId: 'listNodeTypes',
  method: 'get',
  path: '/node-types',
  tag,
  summary: 'Every node type: ports, and its params as JSON Schema',
  auth: 'use-studio',
  revalidated: true,
  response: z.object({ items: z.array(NodeDescription.meta({ id: 'NodeType' })) }),
  handler: async () => ({ items: descriptions }),
})

export const readModels = defineRoute({
  operationId: 'readModels',
  method: 'get',
  path: '/models',
  tag,
  summary: 'The models that servers have registered, and those that come with the studio',
  auth: 'use-studio',
  revalidated: true,
  response: z.object({ items: z.array(Model) }),
  handler: async ({ studio }) => ({ items: await listModels(studio.db) }),
})

export const listSamplers = defineRoute({
  operationId: 'listSamplers',
  method: 'get',
  path: '/samplers',
  tag,
  summary: 'The samplers of the diffusion nodes',
  auth: 'use-studio',
  revalidated: true,
  response: z.object({ items: z.array(z.enum(samplers)) }),
  handler: async () => ({ items: [...samplers] }),
})
