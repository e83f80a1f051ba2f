/** Which of the opened folders and buckets a member may use: none for guests, a department's own for its members. */
import type { Database } from '@defect-studio/prisma'
import type { SourceBucket, SourceConfig, SourceRoot } from './source-config.ts'
import { SourceRefusal } from './source-refusal.ts'

export interface SourceCaller {
  memberId: string
  departmentId: string
  role: string
}

/** Under one name a department's own entry comes before the one that is open to all. */
export async function openSources(
  db: Database,
  config: SourceConfig,
  caller: Pick<SourceCaller, 'departmentId' | 'role'>,
): Promise<{ roots: SourceRoot[]; buckets: SourceBucket[] }> {
  if (caller.role === 'guest' || config.roots.length + config.buckets.length === 0)
    return { roots: [], buckets: [] }
  const department = await db.department.findUnique({
    where: { id: caller.departmentId },
    select: { name: true },
  })
  const open = <T extends SourceRoot | SourceBucket>(entries: readonly T[]): T[] => {
    const mine = entries.filter((entry) => entry.department !== null && entry.department === department?.name)
    const common = entries.filter((entry) => entry.department === null)
    return [...mine, ...common.filter((entry) => !mine.some(({ name }) => name === entry.name))]
  }
  return { roots: open(config.roots), buckets: open(config.buckets) }
}

/** @throws SourceRefusal that says what to choose, or what to set when there is nothing to choose from. */
export function chooseSource<T extends SourceRoot | SourceBucket>(
  open: readonly T[],
  name: string,
  kind: 'root' | 'bucket',
): T {
  const found = open.find((entry) => entry.name === name)
  if (found) return found
  const [what, variable, example] =
    kind === 'root'
      ? ['server folder', 'SOURCE_ROOTS', 'photos=/data/photos']
      : ['bucket', 'SOURCE_BUCKETS', 'photos=s3://bucket/prefix?region=eu-west-1']
  throw new SourceRefusal({
    field: kind,
    message: `There is no ${what} "${name}" for you.`,
    remedy:
      open.length > 0
        ? `Choose one of: ${open.map((entry) => entry.name).join(', ')}.`
        : `Nothing is open: whoever runs the studio sets ${variable}, such as ${example}, for the API and the workers.`,
  })
}
