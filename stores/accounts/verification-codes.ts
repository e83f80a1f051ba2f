/** Codes that go out by mail: random, kept as a hash alone, for a short time, a few tries, one use. */
import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import type { CodePurpose, Database, Transaction, VerificationCode } from '@defect-studio/prisma'

export const codeSeconds = 180
export const codeTries = 5

/** How many codes one address gets within a quarter of an hour, for each purpose. */
export const codesPerAddress = 5
const addressWindowMs = 15 * 60_000

/** Crockford's base 32: nothing that looks like something else. 8 of them are 40 bits. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export interface CodeOrder {
  purpose: CodePurpose
  /** The sign-up or the member that it is for. */
  subjectId: string
  email: string
  /** Whether a code that fits it shall exist: without one, whoever asks sees the same and no try can succeed. */
  isReal: boolean
}

/**
 * Writes down a code; earlier ones of the same purpose and subject no longer work.
 * @param key secret of this installation: a copy of the table alone does not tell what fits.
 * @returns null when the address has had too many lately.
 */
export async function issueCode(
  tx: Transaction,
  key: Buffer,
  { purpose, subjectId, email, isReal }: CodeOrder,
): Promise<{ id: string; code: string } | null> {
  // Requests for one address come one by one, so that many at once get no more codes than many in a row.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`code ${purpose} ${email}`}, 0))`
  const since = new Date(Date.now() - addressWindowMs)
  const recent = await tx.verificationCode.count({ where: { purpose, email, createdAt: { gt: since } } })
  if (recent >= codesPerAddress) return null
  await tx.verificationCode.updateMany({
    where: { purpose, subjectId, usedAt: null },
    data: { usedAt: new Date() },
  })
  const code = Array.from({ length: 8 }, () => letters.charAt(randomInt(letters.length))).join('')
  const { id } = await tx.verificationCode.create({
    data: {
      purpose,
      subjectId,
      email,
      hash: isReal ? hashCode(key, { purpose, subjectId }, code) : '',
      expiresAt: new Date(Date.now() + codeSeconds * 1_000),
    },
  })
  return { id, code: `${code.slice(0, 4)}-${code.slice(4)}` }
}

type CodeOf = { purpose: CodePurpose } & ({ id: string } | { subjectId: string })

/**
 * Counts a try, in a statement of its own so that no rollback takes it back, then compares. Null: it is wrong, used,
 * too old, tried too often, or there never was one; nobody learns which. Use it up with `useCode`.
 */
export async function tryCode(
  db: Database,
  key: Buffer,
  of: CodeOf,
  shown: string,
): Promise<VerificationCode | null> {
  const [row] = await db.verificationCode.updateManyAndReturn({
    where: { ...of, usedAt: null, expiresAt: { gt: new Date() }, tries: { lt: codeTries } },
    data: { tries: { increment: 1 } },
  })
  // Hashed also where there is nothing to compare with, so that the time tells nothing.
  const right = Buffer.from(row?.hash ?? '')
  const seen = Buffer.from(hashCode(key, row ?? { purpose: of.purpose, subjectId: '' }, readCode(shown)))
  return row && right.length === seen.length && timingSafeEqual(right, seen) ? row : null
}

/** Inside the transaction of what the code opens. @returns false when another request was faster. */
export async function useCode(tx: Transaction, id: string): Promise<boolean> {
  const { count } = await tx.verificationCode.updateMany({
    where: { id, usedAt: null },
    data: { usedAt: new Date() },
  })
  return count === 1
}

/** As people type it: small letters, spaces, a dash elsewhere, O for 0. */
function readCode(shown: string): string {
  return shown.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
}

function hashCode(key: Buffer, of: { purpose: CodePurpose; subjectId: string }, code: string): string {
  return createHmac('sha256', key).update(`${of.purpose} ${of.subjectId} ${code}`).digest('base64url')
}
