/** Presets out of a file: one, or many at once. */
import { defineRoute } from '../define-route.ts'
import { readPresetFile } from '../presets/import-presets.ts'
import { describePreset, ImportedPresets, PresetFile } from '../shapes/preset.ts'
import { requireRoom } from './presets.ts'

export const importPresets = defineRoute({
  operationId: 'importPresets',
  method: 'post',
  path: '/presets/import',
  tag: 'presets',
  summary: 'Take the presets of a file; they are yours alone until you share them',
  description:
    'What still fits each tool is kept; what does not, and presets of tools that this studio does not have, is listed.',
  auth: 'use-studio',
  body: PresetFile,
  status: 201,
  response: ImportedPresets,
  async handler({ studio, caller, body }) {
    const { kept, leftOut } = readPresetFile(body)
    await requireRoom(studio, caller, kept.length)
    const { memberId, departmentId } = caller
    const ids = await studio.db.preset.createManyAndReturn({
      data: kept.map((preset) => ({ ...preset, ownerId: memberId, departmentId })),
      select: { id: true },
    })
    const rows = await studio.db.preset.findMany({
      where: { id: { in: ids.map(({ id }) => id) } },
      include: { owner: true },
      orderBy: { id: 'asc' },
    })
    return { items: rows.map((row) => describePreset(row, memberId)), leftOut }
  },
})
