/** The days that statistics are about, in the organisation's time zone. */
import type { Database, Transaction } from '@defect-studio/prisma'
import { z } from 'zod'
import { readSettings } from '../settings/settings.ts'

/** A calendar day that there is, as 2027-01-31. */
export const LocalDate = z.iso.date()

export interface Period {
  /** First and last day, both included. */
  from: string
  to: string
  by: 'day' | 'month'
}

/** Rows of days that one answer may have, and of months. */
export const mostDays = 1_100
export const mostMonths = 240

/** How many days lie between two, both included; 0 or less when they are the wrong way round. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1
}

/** The names of all days or months of a period, in their order: 2027-01-31 or 2027-01. */
export function bucketsOf({ from, to, by }: Period): string[] {
  const buckets = new Set<string>()
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000)
    buckets.add(new Date(at).toISOString().slice(0, by === 'day' ? 10 : 7))
  return [...buckets]
}

/** Names that were asked before: looking through the database's list takes it 20 ms. */
const knownZones = new Map<string, boolean>()

/** The organisation's time zone, as the database counts days: one that it does not know counts as UTC. */
export async function readTimeZone(db: Database | Transaction): Promise<string> {
  const { timeZone } = await readSettings(db)
  const before = knownZones.get(timeZone)
  if (before !== undefined) return before ? timeZone : 'UTC'
  const [row] = await db.$queryRaw<{ known: boolean }[]>`
    SELECT EXISTS (SELECT FROM pg_timezone_names() AS "z" WHERE "z"."name" = ${timeZone}) AS "known"`
  knownZones.set(timeZone, row?.known ?? false)
  return row?.known ? timeZone : 'UTC'
}

/** Today where the organisation is. */
export async function organisationToday(db: Database | Transaction): Promise<string> {
  const [row] = await db.$queryRaw<{ today: string }[]>`SELECT usage_day(clock_timestamp())::text AS "today"`
  if (!row) throw new Error('The database does not know the day.')
  return row.today
}
