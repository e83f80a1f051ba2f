/** A studio's worth of rows for tests: a member with tokens, and runs of a small plan. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { ImageRef, ItemOutputs, Plan, PlannedNode } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import type { Ledger } from '../ledger/ledger.ts'

export const token = 1_000_000n

export async function createMember(
  db: Database,
  ledger: Ledger,
  tokens: bigint,
  colleague?: { departmentId: string },
) {
  const name = randomUUID()
  const department = colleague
    ? { id: colleague.departmentId }
    : await db.department.create({ data: { name } })
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

const node = (id: string, type: string, price: number, inputs: PlannedNode['inputs'] = {}): PlannedNode => ({
  id,
  type,
  version: 1,
  title: id,
  params: {},
  inputs,
  price,
  items: id === 'paint' || id === 'save' ? 2 : 1,
  fanOut: 1,
  onFailure: 'skip-dependents',
  attempts: null,
  modelDigest: null,
  model: null,
  segment: null,
})

/** `load` → `paint` (5 tokens an item) → `save`, and `other` beside them. */
export const plan: Plan = {
  planVersion: 2,
  nodes: [
    node('load', 'load-image', 0),
    node('paint', 'image-to-image', 5, { image: { nodeId: 'load', port: 'image' } }),
    node('other', 'prompt', 0),
    node('save', 'save-to-gallery', 0, { image: { nodeId: 'paint', port: 'image' } }),
  ],
  segments: [],
  outputs: [],
  quote: 10,
  priceVersion: 1,
  carryFrom: null,
  fresh: false,
}

export async function createRun(
  db: Database,
  member: { id: string; departmentId: string },
  changes: Partial<Plan> = {},
): Promise<string> {
  const run = await db.run.create({
    data: {
      graphName: 'Test',
      ownerId: member.id,
      departmentId: member.departmentId,
      document: { formatVersion: 3 },
      plan: { ...plan, ...changes },
      quote: plan.quote,
      requestHash: '-',
    },
  })
  return run.id
}

export function picture(): ImageRef {
  return { key: randomBytes(32).toString('hex'), mediaType: 'image/png', bytes: 10, width: 4, height: 2 }
}

export function outputsWith(image: ImageRef, name = 'part.png', index = 0): ItemOutputs {
  return {
    image: [{ name, value: image, index, made: { tool: 'image-to-image', nodeId: 'paint', seed: 7 } }],
  }
}
