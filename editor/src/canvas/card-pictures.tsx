/** The pictures on a card: what is being made, what the run made, or before a run what the node was given. */
import type { GraphNode } from '@defect-studio/nodes'
import { useTranslation } from 'react-i18next'
import { usePicture } from '../api/picture-query.ts'
import type { NodeRun } from '../api/types.ts'
import { openLightbox, type ShownPicture } from '../gallery/lightbox.tsx'
import { useNodeText } from '../i18n/node-text.ts'
import { NamedPicture } from '../params/named-picture.ts'
import { useProgress } from '../runs/run-view.ts'

export function CardPictures({ node, nodeRun }: { node: GraphNode; nodeRun: NodeRun | undefined }) {
  const preview = useProgress(node.id)?.preview
  if (nodeRun?.state === 'running' && preview) return <Preview url={preview} />
  const made = nodeRun?.outputs.filter((output) => output.type !== 'text' && output.items.length > 0) ?? []
  if (!nodeRun || made.length === 0) return <GivenPicture node={node} />
  return (
    <div className="card-results nodrag nopan">
      {made.map((output) => (
        <ResultPicture key={output.port} node={node} output={output} />
      ))}
    </div>
  )
}

function Preview({ url }: { url: string }) {
  const { t } = useTranslation()
  return (
    <div className="card-results nodrag nopan">
      <div className="card-picture" style={{ cursor: 'default' }}>
        <img src={url} alt={t('canvas.preview')} />
      </div>
    </div>
  )
}

function ResultPicture({ node, output }: { node: GraphNode; output: NodeRun['outputs'][number] }) {
  const { t } = useTranslation()
  const text = useNodeText()
  const pictures = output.items.flatMap((item): ShownPicture[] =>
    item.image ? [{ name: item.name, picture: item.image, mask: item.mask }] : [],
  )
  const first = pictures[0]
  if (!first) return null
  const name = text.port(node.type, 'outputs', output.port)
  return (
    <button
      type="button"
      className="card-picture checkerboard"
      aria-label={t('canvas.enlarge', { name: `${name}: ${first.name}` })}
      onClick={() => openLightbox(pictures)}
    >
      <img src={first.picture.thumbnailUrl} alt="" loading="lazy" />
      {output.total > 1 && <span className="card-more">{t('canvas.pictures', { count: output.total })}</span>}
    </button>
  )
}

function GivenPicture({ node }: { node: GraphNode }) {
  const { t } = useTranslation()
  const given = NamedPicture.safeParse(node.params['image'] ?? node.params['drawn'])
  const { data } = usePicture(given.success ? given.data.key : null)
  if (!given.success || !data) return null
  return (
    <div className="card-results nodrag nopan">
      <button
        type="button"
        className="card-picture checkerboard"
        aria-label={t('canvas.enlarge', { name: given.data.name })}
        onClick={() => openLightbox([{ name: given.data.name, picture: data }])}
      >
        <img src={data.thumbnailUrl} alt="" />
      </button>
    </div>
  )
}
