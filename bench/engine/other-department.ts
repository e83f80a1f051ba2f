/** A second department with one member, who signs in with an API key and has tokens. */
import { randomUUID } from 'node:crypto'
import { createLedger, microPerToken } from '@defect-studio/stores'
import { apiKeyPrefix, createSecretToken } from '../../api/auth/secret-tokens.ts'
import type { BenchStudio } from './bench-studio.ts'

export async function joinDepartment({ db }: BenchStudio): Promise<{ token: string }> {
  const name = `bench-${randomUUID().slice(0, 8)}`
  const member = await db.member.create({
    data: {
      ...{ loginId: name, email: `${name}@example.com`, name, nickname: name },
      // No password has this hash: the key is the only way in.
      passwordHash: '!',
      role: 'department_member',
      department: { create: { name } },
    },
  })
  const { token, hash, shownPrefix } = createSecretToken(apiKeyPrefix)
  await db.apiKey.create({ data: { memberId: member.id, name, prefix: shownPrefix, hash } })
  const ledger = createLedger(db)
  const amount = 100_000n * microPerToken
  const { departmentId, id: memberId } = member
  await ledger.issue({ idem: `issue:${name}`, departmentId, amount, expiresAt: null, byMemberId: null })
  await ledger.distribute({ idem: `give:${name}`, departmentId, memberId, amount, byMemberId: null })
  return { token }
}
