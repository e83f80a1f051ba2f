/** The graph editor: palette, canvas, side panel, and the bar by which the graph is saved and run. */
import { Center, Loader } from '@mantine/core'
import { ReactFlowProvider } from '@xyflow/react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import { useSavedGraph } from '../api/queries.ts'
import { useSession } from '../api/session.ts'
import type { SavedGraph } from '../api/types.ts'
import { openGraph, useOpenGraph } from '../autosave.ts'
import { EditorToolbar } from '../canvas/editor-toolbar.tsx'
import { GraphCanvas } from '../canvas/graph-canvas.tsx'
import { LookOnlyBar } from '../canvas/look-only-bar.tsx'
import { ProblemList } from '../canvas/problem-list.tsx'
import { SidePanel } from '../canvas/side-panel.tsx'
import { useEditorKeys } from '../canvas/use-editor-keys.ts'
import { useGraph, useIsLocked } from '../graph-store.ts'
import { Palette } from '../palette/palette.tsx'
import { showPastRun } from '../runs/past-run.ts'
import { clearRun } from '../runs/run-view.ts'
import { useCheckGraph } from '../runs/use-check-graph.ts'
import { Refused } from '../shell/async-list.tsx'
import { showError } from '../shell/show-error.ts'
import classes from './editor-page.module.css'

export function EditorPage() {
  const { id = '' } = useParams()
  const { t } = useTranslation()
  const answer = useSavedGraph(id)
  if (answer.error)
    return (
      <Center h="100%" p="xl">
        <Refused error={answer.error} retry={answer.refetch} />
      </Center>
    )
  if (!answer.data)
    return (
      <Center h="100%">
        <Loader aria-label={t('common.loading')} />
      </Center>
    )
  return <Editor key={id} saved={answer.data} />
}

function Editor({ saved }: { saved: SavedGraph }) {
  const openId = useOpenGraph((open) => open.id)
  const mine = useSession((session) => session.state === 'signed-in' && session.member.id === saved.ownerId)
  const [search] = useSearchParams()
  const runId = search.get('run')
  useEffect(() => openGraph(saved, mine), [saved, mine])
  useEffect(() => {
    if (runId) showPastRun(runId).catch(showError)
    return clearRun
  }, [runId])
  // Until the canvas holds this graph, drawing it would show the last one.
  if (openId !== saved.id) return null
  return (
    <ReactFlowProvider>
      <OpenEditor />
    </ReactFlowProvider>
  )
}

function OpenEditor() {
  const { t } = useTranslation()
  const name = useOpenGraph((open) => open.name)
  const locked = useIsLocked()
  useCheckGraph(useGraph())
  useEditorKeys()
  useEffect(() => {
    document.title = `${name} · DefectStudio`
  }, [name])
  return (
    <div className={classes['editor']}>
      <EditorToolbar />
      <LookOnlyBar />
      <div className={classes['work']}>
        {!locked && <Palette />}
        <section className={classes['canvas']} aria-label={t('canvas.name')}>
          <GraphCanvas />
          <ProblemList />
        </section>
        <SidePanel />
      </div>
    </div>
  )
}
