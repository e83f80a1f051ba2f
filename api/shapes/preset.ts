/** Presets as the API shows them: what still fits the tool, and what does not any more. */
import {
  findDefinition,
  fitPreset,
  JsonValue,
  LeftOut,
  PresetFile as FileOfPresets,
  PresetParams,
} from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'
import { z } from 'zod'
import { Visibility } from './graph.ts'

const LeftOutParam = LeftOut.meta({ id: 'LeftOutParam' })

export const PresetDescription = z
  .object({
    id: z.uuid(),
    name: z.string(),
    tool: z.string().meta({ description: 'A node type.' }),
    toolVersion: z.int().meta({ description: 'Of the tool when the preset was last saved.' }),
    toolVersionNow: z.int().nullable().meta({ description: 'Null: the studio has this tool no more.' }),
    params: z.record(z.string(), JsonValue).meta({ description: 'Those that fit the tool as it is today.' }),
    leftOut: z.array(LeftOutParam).meta({ description: 'Kept with the preset, but fitting no more.' }),
    visibility: Visibility,
    ownerId: z.uuid(),
    ownerNickname: z.string(),
    mine: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Preset' })

export const PresetFile = FileOfPresets.meta({ id: 'PresetFile' })

export const ImportedPresets = z
  .object({
    items: z.array(PresetDescription),
    leftOut: z.array(
      z.object({
        index: z.int().meta({ description: '0-based place in the file.' }),
        name: z.string(),
        problems: z.array(LeftOutParam),
      }),
    ),
  })
  .meta({ id: 'ImportedPresets' })

export type PresetRow = Prisma.PresetGetPayload<{ include: { owner: true } }>

export function describePreset(row: PresetRow, memberId: string): z.infer<typeof PresetDescription> {
  const stored = PresetParams.parse(row.params)
  const fit = fitPreset(row.tool, stored) ?? {
    params: {},
    leftOut: Object.keys(stored).map((field) => ({ field, message: `There is no tool "${row.tool}".` })),
  }
  return {
    id: row.id,
    name: row.name,
    tool: row.tool,
    toolVersion: row.toolVersion,
    toolVersionNow: findDefinition(row.tool)?.version ?? null,
    ...fit,
    visibility: row.visibility,
    ownerId: row.ownerId,
    ownerNickname: row.owner.nickname,
    mine: row.ownerId === memberId,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}
