/** What people ask the gallery for, as a condition on its rows. Who may see them is `visibleImages`. */
import type { Prisma } from '@defect-studio/prisma'

/** Empty texts let everything through. */
export interface ImageFilter {
  /** In the name or the prompt, each of them. */
  words?: string | undefined
  /** Node type that made it. */
  tool?: string | undefined
  model?: string | undefined
  /** Days in UTC, `2026-11-24`; both belong to it. */
  from?: string | undefined
  to?: string | undefined
}

const day = 24 * 60 * 60 * 1000

export function imageFilter({ words, tool, model, from, to }: ImageFilter): Prisma.ImageWhereInput {
  const conditions: Prisma.ImageWhereInput[] = (words ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => ({
      OR: [
        { name: { contains: word, mode: 'insensitive' } },
        { prompt: { contains: word, mode: 'insensitive' } },
      ],
    }))
  if (tool) conditions.push({ tool })
  if (model) conditions.push({ model })
  if (from) conditions.push({ createdAt: { gte: new Date(from) } })
  if (to) conditions.push({ createdAt: { lt: new Date(Date.parse(to) + day) } })
  return { AND: conditions }
}
