/** Decides whether somebody may read an artifact: who knows a key does not yet have a right to it. */
import type { Database, Role } from '@defect-studio/prisma'
import type { Reader } from './register-artifact.ts'

/** Whether one artifact may be read: by whom it was granted to, by their department, by a super admin. */
export async function mayRead(db: Database, reader: Reader & { role: Role }, key: string): Promise<boolean> {
  return (await unreadable(db, reader, [key])).length === 0
}

/** Those of the keys that the reader may not read, or that do not exist: from outside there is no difference. */
export async function unreadable(
  db: Database,
  reader: Reader & { role: Role },
  keys: readonly string[],
): Promise<string[]> {
  const asked = [...new Set(keys)]
  if (asked.length === 0) return []
  const granted =
    reader.role === 'super_admin'
      ? {}
      : {
          grants: {
            some: {
              OR: [
                { memberId: reader.memberId },
                ...(seesDepartment(reader.role) ? [{ departmentId: reader.departmentId }] : []),
              ],
            },
          },
        }
  const rows = await db.artifact.findMany({
    where: { key: { in: asked }, ...granted },
    select: { key: true },
  })
  const readable = new Set(rows.map(({ key }) => key))
  return asked.filter((key) => !readable.has(key))
}

/** A guest sees what is theirs, not what colleagues made. */
function seesDepartment(role: Role): boolean {
  return role !== 'guest'
}
