/** Types of diff-schemas.mjs. */
import type { PrismaPg } from '@prisma/adapter-pg'

export function diffSchemas(before: string | null, after: string): Promise<string>
export function diffDatabase(adapter: PrismaPg, schema: string): Promise<string>
