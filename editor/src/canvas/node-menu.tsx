/** What can be done with the chosen nodes beside moving them: run to here, mute, bypass, pin. Right button or menu key. */
import { Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { create } from 'zustand'
import { setBehaviour, toggleMode } from '../graph-edits.ts'
import { useGraph, useGraphStore, useIsLocked } from '../graph-store.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { useConfirmRun } from '../runs/confirm-run.tsx'
import { resultsToPin } from '../runs/pin-results.ts'
import { useRunView } from '../runs/run-view.ts'

const useNodeMenu = create<{ at: { x: number; y: number; nodeId: string } | null }>(() => ({ at: null }))

/** The menu key has no place of its own: it opens at the card. */
export function openNodeMenu(
  event: { clientX: number; clientY: number; target: EventTarget | null; preventDefault(): void },
  nodeId: string,
): void {
  event.preventDefault()
  const card = event.target instanceof Element ? event.target.getBoundingClientRect() : null
  const byKey = event.clientX === 0 && event.clientY === 0 && card !== null
  const at = byKey ? { x: card.left + 20, y: card.top + 20 } : { x: event.clientX, y: event.clientY }
  const { selected, select } = useGraphStore.getState()
  if (!selected.has(nodeId)) select([nodeId])
  useNodeMenu.setState({ at: { ...at, nodeId } })
}

const close = () => useNodeMenu.setState({ at: null })

export function NodeMenu() {
  const at = useNodeMenu((state) => state.at)
  const graph = useGraph()
  const node = graph.nodes.find(({ id }) => id === at?.nodeId)
  const text = useNodeText()
  const { t } = useTranslation()
  if (!at || !node) return null
  return (
    <Menu opened onClose={close} position="bottom-start" width={280} withinPortal>
      <Menu.Target>
        <span style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={t('runs.nodeMenu', { name: node.title ?? text.title(node.type) })}>
        <NodeActions nodeId={node.id} />
      </Menu.Dropdown>
    </Menu>
  )
}

function NodeActions({ nodeId }: { nodeId: string }) {
  const { t } = useTranslation()
  const locked = useIsLocked()
  const isPast = useGraphStore((state) => state.shown !== null)
  const selected = useGraphStore((state) => state.selected)
  const node = useGraph().nodes.find(({ id }) => id === nodeId)
  const confirmRun = useConfirmRun()
  const edit = useGraphStore((state) => state.edit)
  if (!node) return null
  return (
    <>
      <Menu.Item disabled={isPast} onClick={() => confirmRun({ only: [nodeId] })}>
        {t('runs.toHere')}
      </Menu.Item>
      {selected.size > 1 && (
        <Menu.Item disabled={isPast} onClick={() => confirmRun({ only: [...selected] })}>
          {t('runs.selection')}
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item
        disabled={locked}
        rightSection="Ctrl+M"
        onClick={() => edit((graph) => toggleMode(graph, selected, 'muted'))}
      >
        {node.mode === 'muted' ? t('runs.unmute') : t('runs.mute')}
      </Menu.Item>
      <Menu.Item
        disabled={locked}
        rightSection="Ctrl+B"
        onClick={() => edit((graph) => toggleMode(graph, selected, 'bypassed'))}
      >
        {node.mode === 'bypassed' ? t('runs.unbypass') : t('runs.bypass')}
      </Menu.Item>
      <Menu.Divider />
      <PinItem nodeId={nodeId} isPinned={node.pinned !== undefined} />
    </>
  )
}

function PinItem({ nodeId, isPinned }: { nodeId: string; isPinned: boolean }) {
  const { t } = useTranslation()
  const locked = useIsLocked()
  const edit = useGraphStore((state) => state.edit)
  const toggle = () => {
    if (isPinned) return edit((graph) => setBehaviour(graph, nodeId, { pinned: undefined }))
    const nodeRun = useRunView.getState().run?.nodeRuns.find((each) => each.nodeId === nodeId)
    const pinned = resultsToPin(nodeRun)
    if (pinned === null || pinned === 'too-many')
      return void notifications.show({
        color: 'orange',
        message: pinned === null ? t('runs.nothingToPin') : t('runs.tooManyToPin'),
      })
    edit((graph) => setBehaviour(graph, nodeId, { pinned }))
  }
  return (
    <Menu.Item disabled={locked} onClick={toggle}>
      {isPinned ? t('runs.unpin') : t('runs.pin')}
    </Menu.Item>
  )
}
