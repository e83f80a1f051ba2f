/** Lists are read page by page, newest first: a cursor is the id of the last thing seen. */
import { z } from 'zod'

export const PageQuery = z.object({
  cursor: z.uuid().optional().meta({ description: '`nextCursor` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(100).default(25),
})

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

/** Prisma's arguments for one row more than the page has: the extra row says that there is a next page. */
export function pageArguments(query: z.infer<typeof PageQuery>) {
  return {
    take: query.limit + 1,
    ...(query.cursor ? { cursor: { id: query.cursor }, skip: 1 } : {}),
  }
}

export function toPage<Row extends { id: string }, Item>(
  rows: Row[],
  limit: number,
  describe: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  return {
    items: shown.map(describe),
    nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}

export const IdParams = z.object({ id: z.uuid() })
