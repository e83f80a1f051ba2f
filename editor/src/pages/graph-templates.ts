/** The graphs that a new one may start from: the project's examples, built into the page. */
import { emptyGraph, readGraph, type Graph } from '@defect-studio/nodes'
import describeAndEnlarge from '../../../examples/describe-and-enlarge.json'
import drawAndCleanUp from '../../../examples/draw-and-clean-up.json'
import drawDefects from '../../../examples/draw-defects.json'
import fiveTools from '../../../examples/five-tools.json'

export interface GraphTemplate {
  name: 'draw-and-clean-up' | 'draw-defects' | 'five-tools' | 'describe-and-enlarge' | 'empty'
  graph: Graph
}

function read(input: unknown): Graph {
  const answer = readGraph(input)
  if (!answer.ok) throw new Error(`An example cannot be read: ${answer.problems[0]?.message}`)
  return answer.graph
}

export const graphTemplates: readonly GraphTemplate[] = [
  { name: 'draw-and-clean-up', graph: read(drawAndCleanUp) },
  { name: 'draw-defects', graph: read(drawDefects) },
  { name: 'five-tools', graph: read(fiveTools) },
  { name: 'describe-and-enlarge', graph: read(describeAndEnlarge) },
  { name: 'empty', graph: emptyGraph },
]
