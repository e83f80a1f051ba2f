/** Checks the nodes that would run: their type, params, inputs and pinned results, and that none waits for itself. */
import { findDefinition } from '../node-definitions.ts'
import type { NodeDefinition } from '../define-node.ts'
import { subgraphType } from '../graph.ts'
import { paramHandle } from '../link-params.ts'
import { isShown, paramMeta } from '../param-meta.ts'
import { maxPlanNodes, portTypes, type Item, type PortType } from '../ports.ts'
import type { GraphProblem } from '../problem.ts'
import { sortNodes } from '../sort-nodes.ts'
import type { FlatEdge } from './flat-graph.ts'
import type { Pruned } from './prune-graph.ts'
import type { RawNode } from './unfolded.ts'

/** Every reason why what is left of a graph cannot run, but for those that were found while it was unfolded. */
export function checkKept({ kept, feeds }: Pruned, edges: readonly FlatEdge[]): GraphProblem[] {
  if (kept.size > maxPlanNodes)
    return [
      {
        code: 'graph-too-large',
        message: `With its subgraphs unfolded this graph has ${kept.size} nodes; one run may have ${maxPlanNodes}.`,
        remedy: 'Split the graph, or use subgraphs fewer times.',
      },
    ]
  const broken = new Set<GraphProblem>()
  for (const handles of feeds.values())
    for (const end of handles.values()) if (end.kind === 'broken' && end.problem) broken.add(end.problem)
  const nodes = [...kept.values()]
  return [
    ...nodes.flatMap((node) => checkNode(node, new Set(feeds.get(node.id)?.keys()))),
    ...broken,
    ...sortNodes(nodes, edges).onCycle.map((id) => ({
      code: 'cycle' as const,
      nodeId: id,
      message: `Node "${id}" waits for itself: the edges close a cycle.`,
      remedy: 'Remove one edge of the cycle.',
    })),
  ]
}

function checkNode(node: RawNode, fed: ReadonlySet<string>): GraphProblem[] {
  // A subgraph that is not there was reported while unfolding.
  if (node.type === subgraphType) return []
  const definition = findDefinition(node.type)
  if (!definition)
    return [
      {
        code: 'unknown-type',
        nodeId: node.id,
        message: `This studio has no node of type "${node.type}".`,
        remedy: 'Remove the node, or update the studio.',
      },
    ]
  if (node.pinned) return checkPinned(node.id, node.pinned, definition)
  return [
    ...checkParams(definition, node.params)
      .filter(({ code, field }) => code !== 'missing-param' || !fed.has(paramHandle(field ?? '')))
      .map((problem) => ({ ...problem, nodeId: node.id })),
    ...Object.entries(definition.inputs).flatMap(([name, port]): GraphProblem[] =>
      port.optional || fed.has(name)
        ? []
        : [
            {
              code: 'missing-input',
              nodeId: node.id,
              field: name,
              message: `Input "${port.title ?? name}" is not connected.`,
              remedy: `Connect an output of type ${portTypes[port.type].title.toLowerCase()}.`,
            },
          ],
    ),
  ]
}

/**
 * The editor checks the whole graph at every edit, and an edit changes the params of one node: the others are the same
 * objects as before.
 */
const checked = new WeakMap<object, { definition: NodeDefinition; problems: readonly GraphProblem[] }>()

function checkParams(definition: NodeDefinition, params: RawNode['params']): readonly GraphProblem[] {
  const before = checked.get(params)
  if (before?.definition === definition) return before.problems
  const problems = readParams(definition, params)
  checked.set(params, { definition, problems })
  return problems
}

function readParams(definition: NodeDefinition, params: RawNode['params']): GraphProblem[] {
  const parsed = definition.params.safeParse(params)
  if (!parsed.success)
    return parsed.error.issues.map((issue) => ({
      code: 'bad-param',
      field: issue.path.join('.'),
      message: `${issue.path.join('.') || 'params'}: ${issue.message}`,
      remedy: 'Change the value in the form of the node.',
    }))
  return paramMeta(definition).flatMap(([field, meta]): GraphProblem[] =>
    meta.required && isShown(meta, parsed.data) && parsed.data[field] === null
      ? [
          {
            code: 'missing-param',
            field,
            message: `${meta.title} is not chosen yet.`,
            remedy: `Choose it in the form of the node.`,
          },
        ]
      : [],
  )
}

function checkPinned(
  nodeId: string,
  pinned: NonNullable<RawNode['pinned']>,
  definition: NodeDefinition,
): GraphProblem[] {
  return Object.entries(pinned).flatMap(([port, items]): GraphProblem[] => {
    const known = Object.hasOwn(definition.outputs, port) ? definition.outputs[port] : undefined
    const remedy = 'Pin the results of a run again, or take the pin off.'
    if (!known)
      return [
        {
          code: 'unknown-port',
          nodeId,
          field: port,
          message: `Node "${nodeId}" has no output "${port}".`,
          remedy,
        },
      ]
    if (items.every((item) => fits(item, known.type))) return []
    const message = `What is pinned at output "${port}" of node "${nodeId}" is no ${portTypes[known.type].title.toLowerCase()}.`
    return [{ code: 'type-mismatch', nodeId, field: port, message, remedy }]
  })
}

function fits({ value }: Item, type: PortType): boolean {
  if (type === 'text') return typeof value === 'string'
  if (type === 'number') return typeof value === 'number'
  return typeof value === 'object'
}
