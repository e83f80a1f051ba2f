/** The optional second factor: codes of an app by the clock (RFC 6238), each once, and recovery codes for a lost phone. */
import { createHmac, randomInt } from 'node:crypto'
import type { Member, Transaction } from '@defect-studio/prisma'
import { openSecret, sealSecret } from '@defect-studio/stores'
import { Secret, TOTP } from 'otpauth'
import type { ApiConfig } from '../config.ts'
import type { StudioWorld } from '../studio.ts'
import { signingKey } from './signing-keys.ts'

/** What authenticator apps all know: SHA-1, 6 digits, 30 s; RFC 6238 allows one step of delay to either side. */
const form = { algorithm: 'SHA1', digits: 6, period: 30 } as const
const stepsAside = 1

export const recoveryCodeCount = 10

type Config = Pick<ApiConfig, 'signingSecret'>

/** A new secret of 160 bits, and the address that an app reads from the QR code. */
export function createTotpSecret(
  { signingSecret }: Config,
  label: string,
): { sealed: string; secret: string; uri: string } {
  const secret = new Secret({ size: 20 })
  const uri = new TOTP({ ...form, issuer: 'DefectStudio', label, secret }).toString()
  return { sealed: sealSecret(signingSecret, 'totp', secret.base32), secret: secret.base32, uri }
}

/** Takes a code of the app once: none of its step or an earlier one works afterwards. */
export async function takeTotpCode(
  { db, config }: { db: Pick<StudioWorld['db'], 'member'>; config: Config },
  member: Pick<Member, 'id' | 'totpSecret' | 'totpLastStep'>,
  code: string,
): Promise<boolean> {
  if (!member.totpSecret || !/^\d{6}$/.test(code)) return false
  const secret = Secret.fromBase32(openSecret(config.signingSecret, 'totp', member.totpSecret))
  const timestamp = Date.now()
  const delta = new TOTP({ ...form, secret }).validate({ token: code, timestamp, window: stepsAside })
  if (delta === null) return false
  const step = BigInt(Math.floor(timestamp / 1000 / form.period) + delta)
  const { count } = await db.member.updateMany({
    where: {
      id: member.id,
      totpSecret: member.totpSecret,
      OR: [{ totpLastStep: null }, { totpLastStep: { lt: step } }],
    },
    data: { totpLastStep: step },
  })
  return count === 1
}

/** Nothing that looks like something else; 10 of 30 letters are 49 bits. */
const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Puts new recovery codes in place of all earlier ones. @returns them, to be shown this once. */
export async function writeRecoveryCodes(
  tx: Transaction,
  config: Config,
  memberId: string,
): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodeCount }, () => {
    const code = Array.from({ length: 10 }, () => letters.charAt(randomInt(letters.length))).join('')
    return `${code.slice(0, 5)}-${code.slice(5)}`
  })
  await tx.recoveryCode.deleteMany({ where: { memberId } })
  await tx.recoveryCode.createMany({
    data: codes.map((code) => ({ memberId, hash: hashRecoveryCode(config, memberId, code) })),
  })
  return codes
}

/** Uses a recovery code up. */
export async function takeRecoveryCode(
  { db, config }: { db: Pick<StudioWorld['db'], 'recoveryCode'>; config: Config },
  memberId: string,
  code: string,
): Promise<boolean> {
  const { count } = await db.recoveryCode.updateMany({
    where: { memberId, hash: hashRecoveryCode(config, memberId, code), usedAt: null },
    data: { usedAt: new Date() },
  })
  return count === 1
}

function hashRecoveryCode({ signingSecret }: Config, memberId: string, code: string): string {
  const text = code.toUpperCase().replace(/[\s-]/g, '')
  const key = signingKey(signingSecret, 'recovery-code')
  return createHmac('sha256', key).update(`${memberId} ${text}`).digest('base64url')
}
