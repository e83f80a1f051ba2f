/** Params that an edge may feed: how their handles are called, and what type each one takes. */
import { z } from 'zod'
import type { NodeDefinition } from './define-node.ts'
import { paramMeta } from './param-meta.ts'
import type { Port, Ports, PortType } from './ports.ts'

const prefix = 'params.'

/** The handle through which an edge feeds a param. */
export const paramHandle = (field: string): string => `${prefix}${field}`

/** The param that a handle feeds; null for the handle of an input. */
export const fieldOfHandle = (handle: string): string | null =>
  handle.startsWith(prefix) ? handle.slice(prefix.length) : null

const known = new WeakMap<NodeDefinition['params'], Ports>()

/** Every linkable param of a node as an input that nothing needs, by the name of the param. */
export function linkablePorts(definition: NodeDefinition): Ports {
  const before = known.get(definition.params)
  if (before) return before
  const ports: Record<string, Port> = {}
  for (const [field, meta] of paramMeta(definition)) {
    const type = meta.linkable ? typeOfParam(definition.params.shape[field]) : null
    if (type) ports[field] = { type, optional: true, title: meta.title }
  }
  known.set(definition.params, ports)
  return ports
}

/** What an edge must carry to feed such a param; null where no port type fits. */
function typeOfParam(schema: unknown): PortType | null {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return typeOfParam(schema.unwrap())
  if (schema instanceof z.ZodNumber) return 'number'
  if (schema instanceof z.ZodString) return 'text'
  return null
}
