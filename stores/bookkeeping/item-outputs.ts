/** Reads and writes what an item became, and finds the pictures in it. */
import { ImageRef, Made, type ItemOutputs } from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'
import { z } from 'zod'
import type { ArtifactRecord } from '../artifacts/register-artifact.ts'

const Outputs = z.record(
  z.string(),
  z.array(z.object({ name: z.string(), value: z.union([ImageRef, z.string()]), made: Made.optional() })),
)

export function readOutputs(column: Prisma.JsonValue): ItemOutputs {
  return Object.fromEntries(
    Object.entries(Outputs.parse(column)).map(([port, items]) => [
      port,
      items.map(({ name, value, made }) => ({ name, value, ...(made ? { made } : {}) })),
    ]),
  )
}

/** A round trip through JSON drops what is undefined, which a column cannot keep. */
export function outputsColumn(outputs: ItemOutputs): Prisma.InputJsonObject {
  return JSON.parse(JSON.stringify(outputs)) as Prisma.InputJsonObject
}

export function picturesOf(outputs: ItemOutputs): ArtifactRecord[] {
  return Object.values(outputs)
    .flat()
    .flatMap(({ value }) => (typeof value === 'string' ? [] : [value]))
    .map(({ key, mediaType, bytes, width, height }) => ({ key, mediaType, bytes, width, height }))
}
