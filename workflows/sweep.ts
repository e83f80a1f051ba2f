/** What the studio does for itself by the clock; each is started by a schedule of the house. */
import { house } from './house-activities.ts'

export async function sweepLedger(): Promise<void> {
  await house.sweepLedger()
}

export async function sweepKept(): Promise<void> {
  await house.sweepKept()
}

export async function sweepAccounts(): Promise<void> {
  await house.sweepAccounts()
}
