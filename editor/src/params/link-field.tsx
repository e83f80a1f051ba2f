/** Lets an edge feed a param: a list of what fits, for whoever does not drag. */
import { findDefinition, linkablePorts, paramHandle, type GraphNode } from '@defect-studio/nodes'
import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { feedParam } from '../graph-edits.ts'
import { useGraph, useGraphStore } from '../graph-store.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { feedsFor } from './feeds-for.ts'

/** Nothing where no edge may feed the param, or nothing in the graph could. */
export function LinkField({ node, field, label }: { node: GraphNode; field: string; label: string }) {
  const { t } = useTranslation()
  const text = useNodeText()
  const graph = useGraph()
  const edit = useGraphStore((state) => state.edit)
  const definition = findDefinition(node.type)
  if (!definition || !Object.hasOwn(linkablePorts(definition), field)) return null
  const { feeds, chosen } = feedsFor(graph, node.id, paramHandle(field))
  if (feeds.length === 0) return null
  const nameOf = (source: GraphNode, port: string) =>
    `${source.title ?? text.title(source.type)}: ${text.port(source.type, 'outputs', port)} (${source.id})`
  return (
    <Select
      size="xs"
      mt={6}
      label={t('form.comesFrom')}
      aria-label={t('form.paramComesFrom', { name: label })}
      placeholder={t('form.ownValue')}
      clearable
      data={feeds.map(({ node: source, port }, index) => ({
        value: `${index}`,
        label: nameOf(source, port),
      }))}
      value={chosen === null ? null : `${chosen}`}
      onChange={(next) => {
        const feed = next === null ? undefined : feeds[Number(next)]
        edit((before) => feedParam(before, node.id, field, feed && { source: feed.node.id, port: feed.port }))
      }}
    />
  )
}
