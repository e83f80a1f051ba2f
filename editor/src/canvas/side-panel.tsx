/** Beside the canvas: the form of the chosen node, what the graph takes and gives, and its past runs. */
import { ScrollArea, Tabs } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useGraph, useGraphStore } from '../graph-store.ts'
import { PastRuns } from '../runs/past-runs.tsx'
import { GraphInterface } from './graph-interface.tsx'
import { NodePanel } from './node-panel.tsx'
import classes from './side-panel.module.css'

const tabs = ['node', 'graph', 'runs'] as const

export function SidePanel() {
  const { t } = useTranslation()
  const [tab, setTab] = useState<string>('node')
  const selected = useGraphStore((state) => state.selected)
  const graph = useGraph()
  const isPast = useGraphStore((state) => state.shown !== null)
  const [id] = selected
  const node = selected.size === 1 ? graph.nodes.find((each) => each.id === id) : undefined
  return (
    <aside className={classes['panel']} aria-label={t('panel.name')}>
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'node')} className={classes['tabs'] ?? ''}>
        <Tabs.List grow>
          {tabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`panel.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <ScrollArea className={classes['body'] ?? ''} type="auto" scrollbarSize={8}>
          <Tabs.Panel value="node" p="md">
            <NodePanel key={`${node?.id} ${isPast}`} node={node} count={selected.size} />
          </Tabs.Panel>
          <Tabs.Panel value="graph" p="md">
            <GraphInterface />
          </Tabs.Panel>
          <Tabs.Panel value="runs" p="md">
            {tab === 'runs' && <PastRuns />}
          </Tabs.Panel>
        </ScrollArea>
      </Tabs>
    </aside>
  )
}
