/** Lets the worker of this machine in: the supervisor made its token, the database keeps the hash. */
import type { PrismaClient } from '@defect-studio/prisma'
import { hashToken } from '../auth/secret-tokens.ts'

export const localWorkerName = 'this machine'

/** Called at every start: a new token takes the place of the one before. */
export async function admitLocalWorker(db: PrismaClient, token: string): Promise<void> {
  const data = { hash: hashToken(token), prefix: token.slice(0, 10), revokedAt: null }
  const existing = await db.workerToken.findFirst({ where: { name: localWorkerName } })
  if (existing) await db.workerToken.update({ where: { id: existing.id }, data })
  else await db.workerToken.create({ data: { ...data, name: localWorkerName } })
}
