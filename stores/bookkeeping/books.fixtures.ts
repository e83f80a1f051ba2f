/** A studio's worth of rows for tests: a member with tokens, and runs of a small plan. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { ImageRef, ItemOutputs, Plan, TaskRef } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import type { Ledger } from '../ledger/ledger.ts'

export const token = 1_000_000n

export async function createMember(db: Database, ledger: Ledger, tokens: bigint) {
  const name = randomUUID()
  const department = await db.department.create({ data: { name } })
  const member = await db.member.create({
    data: {
      loginId: name,
      email: `${name}@example.org`,
      name,
      nickname: name,
      passwordHash: '-',
      role: 'department_member',
      departmentId: department.id,
    },
  })
  if (tokens > 0n) {
    const amount = tokens * token
    const order = { departmentId: department.id, amount, byMemberId: null }
    await ledger.issue({ idem: randomUUID(), expiresAt: null, ...order })
    await ledger.distribute({ idem: randomUUID(), memberId: member.id, ...order })
  }
  return member
}

/** `load` → `paint` (5 tokens an item) → `save`. */
export const plan: Plan = {
  planVersion: 1,
  nodes: [
    {
      id: 'load',
      type: 'load-image',
      version: 1,
      title: 'Load',
      params: { image: { key: 'a'.repeat(64) } },
      inputs: {},
      price: 0,
      items: 1,
    },
    {
      id: 'paint',
      type: 'image-to-image',
      version: 1,
      title: 'Paint',
      params: { seed: 7, model: 'starter' },
      inputs: { image: { nodeId: 'load', port: 'image' } },
      price: 5,
      items: 2,
    },
    {
      id: 'other',
      type: 'prompt',
      version: 1,
      title: 'Other',
      params: { seed: 9 },
      inputs: {},
      price: 0,
      items: 1,
    },
    {
      id: 'save',
      type: 'save-to-gallery',
      version: 1,
      title: 'Save',
      params: {},
      inputs: { image: { nodeId: 'paint', port: 'image' } },
      price: 0,
      items: 2,
    },
  ],
  outputs: [],
  quote: 10,
}

export async function createRun(db: Database, member: { id: string; departmentId: string }): Promise<string> {
  const run = await db.run.create({
    data: {
      graphName: 'Test',
      ownerId: member.id,
      departmentId: member.departmentId,
      document: { formatVersion: 2 },
      plan,
      quote: plan.quote,
      requestHash: '-',
    },
  })
  return run.id
}

export function taskOf(runId: string, nodeId: string, itemIndex = 0): TaskRef {
  return { runId, nodeId, itemIndex, itemName: `part-${itemIndex}.png` }
}

export function picture(): ImageRef {
  return { key: randomBytes(32).toString('hex'), mediaType: 'image/png', bytes: 10, width: 4, height: 2 }
}

export function outputsWith(image: ImageRef): ItemOutputs {
  return {
    image: [{ name: 'part.png', value: image, made: { tool: 'image-to-image', nodeId: 'paint', seed: 7 } }],
  }
}
