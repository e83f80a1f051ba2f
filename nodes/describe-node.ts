/** A node definition as JSON: what the API tells about the catalogue, and what forms are made from. */
import { z } from 'zod'
import type { NodeDefinition } from './define-node.ts'
import { paramMeta } from './param-meta.ts'
import { portTypes, type PortType } from './ports.ts'
import { defaultPrices, type Prices } from './prices.ts'

const PortDescription = z.object({
  name: z.string(),
  title: z.string(),
  type: z.enum(Object.keys(portTypes) as [PortType, ...PortType[]]),
  optional: z.boolean(),
})

export const NodeDescription = z.object({
  type: z.string(),
  version: z.int(),
  title: z.string(),
  description: z.string(),
  category: z.string(),
  inputs: z.array(PortDescription),
  outputs: z.array(PortDescription),
  /** JSON Schema (draft 2020-12) of the params, with title, help, widget and `linkable` beside each property. */
  params: z.record(z.string(), z.unknown()),
  defaults: z.record(z.string(), z.unknown()),
  /** Tokens for one item with the default params. */
  price: z.int(),
})
export type NodeDescription = z.infer<typeof NodeDescription>

export function describeNode(definition: NodeDefinition, prices: Prices = defaultPrices): NodeDescription {
  // Throws on a param without a title, so that the catalogue's test finds it.
  paramMeta(definition)
  const defaults = definition.params.parse({})
  const ports = (record: NodeDefinition['inputs']) =>
    Object.entries(record).map(([name, port]) => ({
      name,
      title: port.title ?? portTypes[port.type].title,
      type: port.type,
      optional: port.optional ?? false,
    }))
  return {
    type: definition.type,
    version: definition.version,
    title: definition.title,
    description: definition.description,
    category: definition.category,
    inputs: ports(definition.inputs),
    outputs: ports(definition.outputs),
    params: z.toJSONSchema(definition.params, { io: 'input' }),
    defaults,
    price: definition.price(defaults, prices),
  }
}
