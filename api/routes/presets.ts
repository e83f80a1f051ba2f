/** Presets: params of a tool that somebody wants again, for oneself, the department or everyone. */
import { NewPreset, PresetName, PresetParams, presetFileKind, presetFileVersion } from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'
import { readablePresets } from '@defect-studio/stores'
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import { defineRoute } from '../define-route.ts'
import { checkedParams } from '../presets/checked-params.ts'
import { notFound, ProblemError } from '../problem.ts'
import { Visibility } from '../shapes/graph.ts'
import { IdParams, pageArguments, pageOf, PageQuery, toPage } from '../shapes/page.ts'
import { describePreset, PresetDescription, PresetFile } from '../shapes/preset.ts'
import type { Studio } from '../studio.ts'

const tag = 'presets'

/** More than anybody keeps an eye on; a program that makes them in a loop is stopped here. */
export const mostPresets = 2_000

export const listPresets = defineRoute({
  operationId: 'listPresets',
  method: 'get',
  path: '/presets',
  tag,
  summary: 'Your presets and those that others share, newest first',
  auth: 'use-studio',
  query: PageQuery.extend({
    tool: z.string().max(64).optional().meta({ description: 'Of this node type alone.' }),
    q: z.string().trim().max(100).optional().meta({ description: 'Part of the name.' }),
    owner: z.enum(['me', 'others']).optional(),
  }),
  response: pageOf(PresetDescription),
  async handler({ studio, caller, query }) {
    const filters: Prisma.PresetWhereInput[] = [readablePresets(caller)]
    if (query.tool) filters.push({ tool: query.tool })
    if (query.q) filters.push({ name: { contains: escapeLike(query.q), mode: 'insensitive' } })
    if (query.owner === 'me') filters.push({ ownerId: caller.memberId })
    if (query.owner === 'others') filters.push({ NOT: { ownerId: caller.memberId } })
    const rows = await studio.db.preset.findMany({
      where: { AND: filters },
      include: { owner: true },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageArguments(query),
    })
    return toPage(rows, query.limit, (row) => describePreset(row, caller.memberId))
  },
})

export const createPreset = defineRoute({
  operationId: 'createPreset',
  method: 'post',
  path: '/presets',
  tag,
  summary: 'Save params of a tool under a name',
  description: 'Params that the tool does not have, or that are out of its range, are refused by name.',
  auth: 'use-studio',
  body: NewPreset.extend({ visibility: Visibility.default('private') }),
  status: 201,
  response: PresetDescription,
  async handler({ studio, caller, body: { name, tool, visibility, params } }) {
    const checked = checkedParams(tool, params)
    await requireRoom(studio, caller, 1)
    return create(studio, caller, { name, tool, visibility, ...checked })
  },
})

/** The most that one answer hands out; the address of a longer list of ids would be refused on its way. */
const mostExported = 100

export const exportPresets = defineRoute({
  operationId: 'exportPresets',
  method: 'get',
  path: '/presets/export',
  tag,
  summary: 'Presets as one file that another studio imports',
  auth: 'use-studio',
  query: z.object({
    ids: z
      .string()
      .max(mostExported * 37)
      .optional()
      .meta({
        description: `Ids of presets that you may read, with commas between them, at most ${mostExported}; your own latest 500 when left out.`,
      }),
    tool: z.string().max(64).optional().meta({ description: 'Of this node type alone.' }),
  }),
  response: PresetFile.extend({ presets: PresetFile.shape.presets.min(0) }),
  async handler({ studio, caller, query, response }) {
    const rows = await studio.db.preset.findMany({
      where: {
        AND: [readablePresets(caller), query.tool ? { tool: query.tool } : {}],
        ...(query.ids === undefined ? { ownerId: caller.memberId } : { id: { in: readIds(query.ids) } }),
      },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: 500,
    })
    if (rows.length === 0) throw notFound('preset')
    response.attachment('presets.json')
    return {
      kind: presetFileKind,
      version: presetFileVersion,
      presets: rows.map(({ name, tool, toolVersion, params }) => ({
        name,
        tool,
        toolVersion,
        params: PresetParams.parse(params),
      })),
    }
  },
})

export const readPreset = defineRoute({
  operationId: 'readPreset',
  method: 'get',
  path: '/presets/:id',
  tag,
  summary: 'One preset: what of it fits the tool today, and what does not',
  auth: 'use-studio',
  params: IdParams,
  response: PresetDescription,
  handler: async ({ studio, caller, params }) =>
    describePreset(await find(studio, caller, params.id), caller.memberId),
})

export const changePreset = defineRoute({
  operationId: 'changePreset',
  method: 'put',
  path: '/presets/:id',
  tag,
  summary: 'Rename a preset of yours, share it, or give it other params',
  auth: 'use-studio',
  params: IdParams,
  body: z.object({
    name: PresetName.optional(),
    params: PresetParams.optional().meta({ description: 'All of them: what is not named is dropped.' }),
    visibility: Visibility.optional(),
  }),
  response: PresetDescription,
  async handler({ studio, caller, params, body }) {
    const own = { id: params.id, ownerId: caller.memberId, deletedAt: null }
    const before = await studio.db.preset.findFirst({ where: own, select: { tool: true } })
    if (!before) throw notFound('preset')
    const data: Prisma.PresetUpdateManyMutationInput = {}
    if (body.name !== undefined) data.name = body.name
    if (body.visibility !== undefined) data.visibility = body.visibility
    if (body.params !== undefined) Object.assign(data, checkedParams(before.tool, body.params))
    const { count } = await studio.db.preset.updateMany({ where: own, data })
    if (count === 0) throw notFound('preset')
    return describePreset(await find(studio, caller, params.id), caller.memberId)
  },
})

export const duplicatePreset = defineRoute({
  operationId: 'duplicatePreset',
  method: 'post',
  path: '/presets/:id/duplicate',
  tag,
  summary: 'A copy of your own of a preset that you may read; nobody else sees it',
  auth: 'use-studio',
  params: IdParams,
  body: z.object({ name: PresetName.optional() }),
  status: 201,
  response: PresetDescription,
  async handler({ studio, caller, params, body }) {
    const row = await find(studio, caller, params.id)
    await requireRoom(studio, caller, 1)
    const { tool, toolVersion } = row
    const copied = PresetParams.parse(row.params) as Prisma.InputJsonObject
    const name = body.name ?? row.name
    return create(studio, caller, { name, tool, toolVersion, params: copied, visibility: 'private' })
  },
})

export const deletePreset = defineRoute({
  operationId: 'deletePreset',
  method: 'delete',
  path: '/presets/:id',
  tag,
  summary: 'Delete a preset of yours; graphs that it was loaded into stay as they are',
  auth: 'use-studio',
  params: IdParams,
  async handler({ studio, caller, params }) {
    const { count } = await studio.db.preset.updateMany({
      where: { id: params.id, ownerId: caller.memberId, deletedAt: null },
      data: { deletedAt: new Date() },
    })
    if (count === 0) throw notFound('preset')
  },
})

async function find({ db }: Studio, caller: Caller, id: string) {
  const row = await db.preset.findFirst({
    where: { AND: [readablePresets(caller), { id }] },
    include: { owner: true },
  })
  if (!row) throw notFound('preset')
  return row
}

type Settings = Pick<
  Prisma.PresetUncheckedCreateInput,
  'name' | 'tool' | 'toolVersion' | 'params' | 'visibility'
>

async function create({ db }: Studio, { memberId, departmentId }: Caller, settings: Settings) {
  const row = await db.preset.create({
    data: { ...settings, ownerId: memberId, departmentId },
    include: { owner: true },
  })
  return describePreset(row, memberId)
}

/** @throws ProblemError 422 when the member would have more presets than one may. */
export async function requireRoom({ db }: Studio, { memberId }: Caller, more: number): Promise<void> {
  const count = await db.preset.count({ where: { ownerId: memberId, deletedAt: null } })
  if (count + more > mostPresets)
    throw new ProblemError('invalid-request', `You have ${count} presets; ${mostPresets} is the most.`, {
      remedy: 'Delete some that you do not need.',
    })
}

function readIds(text: string): string[] {
  const ids = z.array(z.uuid()).min(1).max(mostExported).safeParse(text.split(','))
  if (ids.success) return ids.data
  throw new ProblemError(
    'invalid-request',
    `ids is a list of at most ${mostExported} ids with commas between them.`,
    {
      remedy: 'Correct it, or leave it out.',
    },
  )
}

/** What a search for a part of a text takes as it stands. */
const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&')
