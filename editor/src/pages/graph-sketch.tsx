/** A graph in miniature: where its nodes stand and how they are connected. */
import { findDefinition, type Graph, type GraphNode } from '@defect-studio/nodes'
import { IconPlus } from '@tabler/icons-react'
import { Center } from '@mantine/core'
import classes from './template-cards.module.css'

const width = 260
const height = 160
const margin = 60

const portColour = (node: GraphNode | undefined, handle: string) => {
  const type = node ? findDefinition(node.type)?.outputs[handle]?.type : undefined
  return type ? `var(--studio-port-${type})` : 'var(--studio-line)'
}

export function GraphSketch({ graph }: { graph: Graph }) {
  if (graph.nodes.length === 0)
    return (
      <Center className={classes['sketch'] ?? ''} aria-hidden>
        <IconPlus size={32} color="var(--mantine-color-dimmed)" />
      </Center>
    )
  const xs = graph.nodes.map((node) => node.position.x)
  const ys = graph.nodes.map((node) => node.position.y)
  const left = Math.min(...xs) - margin
  const top = Math.min(...ys) - margin
  const right = Math.max(...xs) + width + margin
  const bottom = Math.max(...ys) + height + margin
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  return (
    <svg
      className={classes['sketch']}
      viewBox={`${left} ${top} ${right - left} ${bottom - top}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden
    >
      {graph.edges.map((edge) => {
        const from = byId.get(edge.source)
        const to = byId.get(edge.target)
        if (!from || !to) return null
        const [x1, y1] = [from.position.x + width, from.position.y + height / 2]
        const [x2, y2] = [to.position.x, to.position.y + height / 2]
        const bend = Math.max(60, (x2 - x1) / 2)
        return (
          <path
            key={edge.id}
            d={`M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
            fill="none"
            stroke={portColour(from, edge.sourceHandle)}
            strokeWidth={9}
          />
        )
      })}
      {graph.nodes.map((node) => (
        <rect
          key={node.id}
          x={node.position.x}
          y={node.position.y}
          width={width}
          height={height}
          rx={22}
          fill="var(--studio-card)"
          stroke={`var(--studio-category-${findDefinition(node.type)?.category ?? 'input'})`}
          strokeWidth={10}
        />
      ))}
    </svg>
  )
}
