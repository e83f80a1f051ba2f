/** Whoever comes into a department must find it open when they arrive, not only when they asked. */
import type { Department, Transaction } from '@defect-studio/prisma'

/**
 * Nobody can archive it until the transaction ends. Take it before any lock on a member.
 * @returns null when there is none, or when it is archived.
 */
export async function lockOpenDepartment(tx: Transaction, id: string): Promise<Department | null> {
  const [row] = await tx.$queryRaw<Department[]>`
    SELECT "id"::text, "name", "createdAt", "archivedAt" FROM "Department"
    WHERE "id" = ${id}::uuid AND "archivedAt" IS NULL FOR SHARE`
  return row ?? null
}
