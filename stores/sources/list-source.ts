/** Makes the list of a source node when its run is planned: names and count are known before anything runs. */
import { randomInt } from 'node:crypto'
import {
  type CollectionRef,
  findDefinition,
  galleryQuery,
  gridPoints,
  ImageRef,
  loadFolder,
  loadS3,
  loadServerFolder,
  type ManifestItem,
  numberedNames,
  parameterGrid,
  parsePromptLines,
  promptList,
} from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import { readableArtifacts } from '../access/readable-artifacts.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { registerArtifact } from '../artifacts/register-artifact.ts'
import { cleanName } from '../collections/clean-name.ts'
import { createCollection, readCollection } from '../collections/collections.ts'
import { withUniqueNames } from '../collections/unique-names.ts'
import { listBucket } from './bucket.ts'
import { listGallery } from './gallery.ts'
import { chooseSource, openSources, type SourceCaller } from './open-sources.ts'
import { listServerFolder } from './server-folder.ts'
import type { SourceConfig } from './source-config.ts'
import { type SourceProblem, SourceRefusal } from './source-refusal.ts'

export interface SourceWorld {
  db: Database
  artifacts: ArtifactStore
  config: SourceConfig
  /** A whole number in 0 … 2^32 - 1, for grids that draw their seeds. */
  drawSeed?: () => number
}

export interface SourceNode {
  type: string
  params: Readonly<Record<string, unknown>>
}

/** Stored and granted to the caller. The names are those of the list, in its order, each once. */
export async function listSource(
  world: SourceWorld,
  caller: SourceCaller,
  node: SourceNode,
): Promise<{ collection: CollectionRef; names: string[] } | { problem: SourceProblem }> {
  const listed = await readSource(world, caller, node)
  if ('problem' in listed) return listed
  const collection = await createCollection(world.artifacts, listed.items)
  const { count: _count, ...stored } = collection
  const reader = { memberId: caller.memberId, departmentId: caller.departmentId }
  await registerArtifact(world.db, { ...stored, width: null, height: null }, reader)
  return { collection, names: listed.items.map(({ name }) => name) }
}

/** The same without keeping it, to show what a node would work on. */
export async function readSource(
  world: SourceWorld,
  caller: SourceCaller,
  node: SourceNode,
): Promise<{ items: ManifestItem[] } | { problem: SourceProblem }> {
  try {
    const items = await itemsOf(world, caller, node)
    if (items.length > 0) return { items: withUniqueNames(items) }
    return {
      problem: {
        code: 'unusable-list',
        message: 'This list is empty.',
        remedy: 'Change what it is made of, so that at least one item is left.',
      },
    }
  } catch (error) {
    if (error instanceof SourceRefusal) return { problem: error.problem }
    throw error
  }
}

async function itemsOf(world: SourceWorld, caller: SourceCaller, node: SourceNode): Promise<ManifestItem[]> {
  const params = findDefinition(node.type)?.params.safeParse(node.params)
  if (!params?.success) {
    const issue = params?.error.issues[0]
    throw new SourceRefusal({
      code: 'bad-param',
      ...(issue ? { field: issue.path.join('.') } : {}),
      message: issue?.message ?? `"${node.type}" makes no list.`,
      remedy: 'Change the value in the form of the node.',
    })
  }
  const list = makers[node.type]
  if (list) return list(world, caller, node.params)
  throw new SourceRefusal({ message: `"${node.type}" makes no list.`, remedy: 'Choose a node that does.' })
}

type Maker = (
  world: SourceWorld,
  caller: SourceCaller,
  params: SourceNode['params'],
) => Promise<ManifestItem[]>

const makers: Readonly<Record<string, Maker>> = {
  [loadFolder.type]: (world, caller, params) =>
    uploadedFolder(world, caller, loadFolder.params.parse(params)),
  async [loadServerFolder.type]({ db, config }, caller, params) {
    const { root, ...question } = loadServerFolder.params.parse(params)
    const source = chooseSource((await openSources(db, config, caller)).roots, chosen(root, 'root'), 'root')
    const files = await listServerFolder(source, question)
    return files.map(({ path, name }) => ({
      name: cleanName(name),
      value: { import: { kind: 'folder' as const, root: source.name, path } },
    }))
  },
  async [loadS3.type]({ db, config }, caller, params) {
    const { bucket, ...question } = loadS3.params.parse(params)
    const { buckets } = await openSources(db, config, caller)
    const source = chooseSource(buckets, chosen(bucket, 'bucket'), 'bucket')
    const keys = await listBucket(source, question)
    return keys.map(({ path, name, etag }) => ({
      name: cleanName(name),
      value: {
        import: {
          kind: 's3' as const,
          bucket: source.name,
          key: path,
          ...(etag === undefined ? {} : { etag }),
        },
      },
    }))
  },
  [galleryQuery.type]: ({ db }, caller, params) => listGallery(db, caller, galleryQuery.params.parse(params)),
  async [promptList.type](_world, _caller, params) {
    const { lines, alternatives } = promptList.params.parse(params)
    const read = parsePromptLines(lines, alternatives)
    if (!read.ok) throw badParam('lines', read.message)
    const names = numberedNames('prompt', read.prompts.length)
    return read.prompts.map((value, index) => ({ name: names[index] ?? '', value }))
  },
  async [parameterGrid.type]({ drawSeed = () => randomInt(2 ** 32) }, _caller, params) {
    const grid = gridPoints(parameterGrid.params.parse(params), drawSeed)
    if (!grid.ok) throw badParam(grid.field, grid.message)
    const names = numberedNames('grid', grid.points.length)
    return grid.points.map((ports, index) => ({ name: names[index] ?? '', value: { ports: { ...ports } } }))
  },
}

async function uploadedFolder(
  { db, artifacts }: SourceWorld,
  caller: SourceCaller,
  params: ReturnType<typeof loadFolder.params.parse>,
): Promise<ManifestItem[]> {
  const { key, name } = params.folder ?? { key: '', name: chosen(null, 'folder') }
  const refuse = (message: string) =>
    new SourceRefusal({ code: 'unknown-artifact', field: 'folder', message, remedy: 'Choose it again.' })
  if (!(await readableArtifacts(db, caller, [key])).has(key))
    throw refuse(`The folder "${name}" is not in the studio, or it is not yours.`)
  const { items } = await readCollection(artifacts, { key })
  const keys = items.map((item) => ImageRef.safeParse(item.value).data?.key ?? '')
  const readable = await readableArtifacts(db, caller, keys)
  const gone = items.filter((_item, index) => !readable.has(keys[index] ?? ''))
  if (gone.length > 0)
    throw refuse(
      `${gone.length} pictures of the folder "${name}" are not in the studio, such as "${gone[0]?.name}".`,
    )
  return items
}

function chosen(value: string | null, field: string): string {
  if (value !== null) return value
  throw new SourceRefusal({
    code: 'missing-param',
    field,
    message: 'It is not chosen yet where the list comes from.',
    remedy: 'Choose it in the form of the node.',
  })
}

const badParam = (field: string | null, message: string) =>
  new SourceRefusal({
    code: 'bad-param',
    ...(field === null ? {} : { field }),
    message,
    remedy: 'Change the value in the form of the node.',
  })
