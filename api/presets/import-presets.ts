/** Takes the presets of a file: what still fits each tool is kept, and what does not is said. */
import { fitPreset, type LeftOut, type PresetFile } from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'

interface ReadPreset {
  name: string
  tool: string
  toolVersion: number
  params: Prisma.InputJsonObject
}

interface ReadFile {
  kept: ReadPreset[]
  leftOut: { index: number; name: string; problems: LeftOut[] }[]
}

export function readPresetFile({ presets }: PresetFile): ReadFile {
  const read: ReadFile = { kept: [], leftOut: [] }
  for (const [index, { name, tool, toolVersion, params }] of presets.entries()) {
    const fit = fitPreset(tool, params)
    if (!fit) {
      const problems = [{ field: 'tool', message: `There is no tool "${tool}".` }]
      read.leftOut.push({ index, name, problems })
      continue
    }
    if (fit.leftOut.length > 0) read.leftOut.push({ index, name, problems: fit.leftOut })
    // Nothing of it would be there to load.
    if (fit.leftOut.length > 0 && Object.keys(fit.params).length === 0) continue
    read.kept.push({ name, tool, toolVersion, params: fit.params })
  }
  return read
}
