/** Keeps the names of departments apart, also for people who do not tell capitals from small letters. */
import type { Transaction } from '@defect-studio/prisma'
import { ProblemError } from '../problem.ts'

/** Any fixed number: whoever gives a department a name takes the lock of it, until the transaction ends. */
const departmentNamesLock = 7_261_003

/** @throws ProblemError when another department, archived ones among them, has the name. */
export async function requireFreeName(tx: Transaction, name: string, exceptId?: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${departmentNamesLock})`
  const taken = await tx.department.findFirst({
    where: { name: { equals: name, mode: 'insensitive' }, ...(exceptId ? { id: { not: exceptId } } : {}) },
  })
  if (!taken) return
  const archived = taken.archivedAt ? ' It is archived and can be restored.' : ''
  throw new ProblemError('already-taken', `There is a department "${taken.name}" already.${archived}`, {
    remedy: 'Choose another name.',
    problems: [{ code: 'taken', field: 'name', message: 'Another department has this name.' }],
  })
}
