/** Writes down what people want of runs that are under way; the dispatcher tells the workflows. */
import type { Prisma, PrismaClient } from '@defect-studio/prisma'
import { publishRunEvent } from '@defect-studio/stores'

const open: Prisma.RunWhereInput = { status: { in: ['queued', 'running'] } }

/** @returns how many were asked; those that have ended or were asked before are passed over. */
export async function askToCancel(db: PrismaClient, where: Prisma.RunWhereInput): Promise<number> {
  const { count } = await db.run.updateMany({
    where: { AND: [where, open, { cancelAskedAt: null }] },
    data: { cancelAskedAt: new Date() },
  })
  return count
}

export async function setPaused(
  db: PrismaClient,
  where: Prisma.RunWhereInput,
  paused: boolean,
): Promise<void> {
  await change(
    db,
    { AND: [where, { pausedAt: paused ? null : { not: null } }] },
    { pausedAt: paused ? new Date() : null },
  )
}

export async function setPriority(
  db: PrismaClient,
  where: Prisma.RunWhereInput,
  priority: number,
): Promise<void> {
  await change(db, { AND: [where, { NOT: { priority } }] }, { priority })
}

async function change(
  db: PrismaClient,
  where: Prisma.RunWhereInput,
  data: Prisma.RunUpdateManyMutationInput,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const changed = await tx.run.updateManyAndReturn({
      where: { AND: [where, open] },
      data: { ...data, control: { increment: 1 } },
      select: { id: true, status: true, pausedAt: true, priority: true },
    })
    for (const { id, status, pausedAt, priority } of changed)
      await publishRunEvent(tx, {
        type: 'run-status',
        runId: id,
        status,
        paused: pausedAt !== null,
        priority,
      })
  })
}
