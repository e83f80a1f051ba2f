/** What the organisation has settled for everybody: one row for each setting, and a usual value where there is none. */
import type { Database, Transaction } from '@defect-studio/prisma'
import { z } from 'zod'

export const Settings = z.object({
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'This is no time zone of the IANA list, such as Asia/Seoul.')
    .default('UTC')
    .meta({ description: 'IANA name; days begin and tokens expire by its clock.' }),
  signUp: z
    .enum(['open', 'closed'])
    .default('open')
    .meta({ description: 'Whether people may ask for an account by themselves.' }),
})
export type Settings = z.infer<typeof Settings>

/** Every setting. A kept value that no longer fits counts as none. */
export async function readSettings(db: Database | Transaction): Promise<Settings> {
  const rows = await db.setting.findMany()
  const kept = new Map(rows.map(({ key, value }) => [key, value]))
  const { shape } = Settings
  return {
    timeZone: shape.timeZone.catch('UTC').parse(kept.get('timeZone')),
    signUp: shape.signUp.catch('open').parse(kept.get('signUp')),
  }
}

/** @param settings only those that are to change. @returns all of them, as they then are. */
export async function changeSettings(
  tx: Database | Transaction,
  settings: { [Key in keyof Settings]?: Settings[Key] | undefined },
  byId: string,
): Promise<Settings> {
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined) continue
    await tx.setting.upsert({ where: { key }, create: { key, value, byId }, update: { value, byId } })
  }
  return readSettings(tx)
}

/** Whether the runtime's own copy of the IANA database knows it. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
