/** The canvas: nodes, edges, and everything that is done to them with the mouse and the keyboard. */
import '@xyflow/react/dist/style.css'
import './canvas.css'
import { checkConnection, type Connection as GraphConnection } from '@defect-studio/nodes'
import { useComputedColorScheme } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  Background,
  BackgroundVariant,
  Controls,
  MiniMap,
  ReactFlow,
  useReactFlow,
  type Connection,
  type FinalConnectionState,
  type NodeTypes,
} from '@xyflow/react'
import { useEffect, useMemo, useRef, useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useGraph, useGraphStore, useIsLocked } from '../graph-store.ts'
import { dragType, usePlaceNode } from '../palette/use-place-node.ts'
import { useProblemText } from '../runs/problem-text.ts'
import { droppedFile, useGraphFile } from '../use-graph-file.tsx'
import { applyEdgeChanges, applyNodeChanges } from './apply-changes.ts'
import { useCanvasView } from './canvas-view.ts'
import { createNodeMaker, makeEdges } from './flow-items.ts'
import { NodeCard } from './node-card.tsx'
import { NodeMenu, openNodeMenu } from './node-menu.tsx'

/** A small graph is not blown up beyond the size at which its cards are made. */
const fitView = { padding: 0.15, maxZoom: 1 }

const nodeTypes: NodeTypes = { card: NodeCard }

const toGraphConnection = (connection: {
  source: string | null
  target: string | null
  sourceHandle?: string | null
  targetHandle?: string | null
}): GraphConnection => ({
  source: connection.source ?? '',
  sourceHandle: connection.sourceHandle ?? '',
  target: connection.target ?? '',
  targetHandle: connection.targetHandle ?? '',
})

const isValidConnection = (connection: Parameters<typeof toGraphConnection>[0]): boolean =>
  checkConnection(useGraphStore.getState().history.present, toGraphConnection(connection)) === null

export function GraphCanvas() {
  const { t } = useTranslation()
  const words = useProblemText()
  const graph = useGraph()
  const locked = useIsLocked()
  const selected = useGraphStore((state) => state.selected)
  const selectedEdges = useGraphStore((state) => state.selectedEdges)
  const { sizes, dragging } = useCanvasView()
  const scheme = useComputedColorScheme()
  const placeNode = usePlaceNode()
  const flow = useReactFlow()
  const shown = useGraphStore((state) => state.shown)
  const lastShown = useRef(shown)
  useEffect(() => {
    // Another graph, and without the palette another width: its cards may lie out of sight.
    if (lastShown.current !== shown) void flow.fitView(fitView)
    lastShown.current = shown
  }, [flow, shown])
  const [makeNodes] = useState(createNodeMaker)
  // On an empty canvas the view would jump to the first node as soon as somebody places it.
  const [opensFilled] = useState(graph.nodes.length > 0)
  const nodes = makeNodes(graph, selected, dragging, sizes)
  const edges = useMemo(() => makeEdges(graph, selectedEdges), [graph, selectedEdges])

  /** React Flow calls this only for connections that `isValidConnection` let through. */
  const onConnect = (connection: Connection) =>
    useGraphStore.getState().connect(toGraphConnection(connection))

  /** Dropped on a port that refuses: say why. */
  const onConnectEnd = (_event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
    if (state.isValid !== false || !state.fromHandle || !state.toHandle) return
    const forward = state.fromHandle.type === 'source'
    const [from, to] = forward ? [state.fromHandle, state.toHandle] : [state.toHandle, state.fromHandle]
    const refusal = checkConnection(useGraphStore.getState().history.present, {
      source: from.nodeId,
      sourceHandle: from.id ?? '',
      target: to.nodeId,
      targetHandle: to.id ?? '',
    })
    if (!refusal) return
    const { message, remedy } = words.problem(refusal)
    notifications.show({ color: 'orange', title: message, message: remedy })
  }

  // One step of undo brings back what was there.
  const takeGraph = useGraphFile((dropped) => {
    useGraphStore.getState().edit(() => dropped)
    void flow.fitView(fitView)
  })

  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(dragType)
    // A browser would leave the page to show a file that it is given.
    if (droppedFile(event)) event.preventDefault()
    if (!type) return void (locked ? undefined : takeGraph(droppedFile(event)))
    event.preventDefault()
    placeNode(type, { x: event.clientX, y: event.clientY })
  }

  return (
    <div className="canvas" onDrop={onDrop} onDragOver={(event) => event.preventDefault()}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onNodesChange={applyNodeChanges}
        onEdgesChange={applyEdgeChanges}
        onConnect={onConnect}
        onConnectEnd={onConnectEnd}
        onNodeContextMenu={(event, node) => openNodeMenu(event, node.id)}
        isValidConnection={isValidConnection}
        colorMode={scheme}
        connectionRadius={28}
        minZoom={0.15}
        maxZoom={2}
        fitView={opensFilled}
        fitViewOptions={fitView}
        nodesDraggable={!locked}
        nodesConnectable={!locked}
        deleteKeyCode={null}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{
          'controls.ariaLabel': t('canvas.controls'),
          'controls.zoomIn.ariaLabel': t('canvas.zoomIn'),
          'controls.zoomOut.ariaLabel': t('canvas.zoomOut'),
          'controls.fitView.ariaLabel': t('canvas.fitView'),
          'minimap.ariaLabel': t('canvas.minimap'),
        }}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} />
        <Controls showInteractive={false} position="bottom-left" fitViewOptions={fitView} />
        <MiniMap
          pannable
          zoomable
          position="bottom-right"
          nodeStrokeWidth={3}
          style={{ width: 150, height: 100 }}
        />
      </ReactFlow>
      <NodeMenu />
      {graph.nodes.length === 0 && (
        <div className="canvas-hint">
          <strong>{t('canvas.emptyTitle')}</strong>
          <span>{t('canvas.emptyText')}</span>
        </div>
      )}
    </div>
  )
}
