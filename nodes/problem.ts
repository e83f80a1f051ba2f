/** A reason why a graph cannot run, written for the person who can mend it. */
import { z } from 'zod'

export const GraphProblem = z.object({
  code: z.enum([
    'unreadable-graph',
    'empty-graph',
    'duplicate-id',
    'unknown-type',
    'bad-param',
    'missing-param',
    'missing-input',
    'unknown-node',
    'unknown-port',
    'type-mismatch',
    'input-taken',
    'cycle',
    'unknown-graph-input',
    'unknown-graph-output',
    'unknown-subgraph',
    'unknown-frame',
    'names-differ',
    'cannot-batch',
    'missing-list',
    'unusable-list',
    'too-many-items',
    'graph-too-large',
    'unknown-artifact',
    'unknown-model',
  ]),
  /** `node`, or `outer/inner` for a node of a subgraph. */
  nodeId: z.string().optional(),
  edgeId: z.string().optional(),
  field: z.string().optional(),
  message: z.string(),
  remedy: z.string(),
})
export type GraphProblem = z.infer<typeof GraphProblem>
