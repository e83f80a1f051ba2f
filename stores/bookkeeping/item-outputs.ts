/** Reads and writes what an item became, and finds the stored bytes that it points to. */
import { ItemOutputs, type ArtifactRef } from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'
import type { ArtifactRecord } from '../artifacts/register-artifact.ts'

export function readOutputs(column: Prisma.JsonValue): ItemOutputs {
  return ItemOutputs.parse(column)
}

/** Pictures, and the lists that left nodes which take wholes. */
export function artifactsOf(outputs: ItemOutputs): ArtifactRecord[] {
  return Object.values(outputs)
    .flat()
    .flatMap(({ value, stored }) => [
      ...(typeof value === 'object' ? [recordOf(value, value)] : []),
      ...(stored ? [recordOf(stored, null)] : []),
    ])
}

function recordOf(
  { key, mediaType, bytes }: ArtifactRef,
  size: { width: number; height: number } | null,
): ArtifactRecord {
  return { key, mediaType, bytes, width: size?.width ?? null, height: size?.height ?? null }
}
