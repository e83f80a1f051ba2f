/** The books of runs: each entry is one short transaction, which may be sent again and is written once. */
import type { Bookkeeping } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import { retryTransaction } from '../retry-transaction.ts'
import { markNode } from './mark-node.ts'
import { prepareItem } from './prepare-item.ts'
import { beginRun, endRun } from './run-ends.ts'
import { abandonItem, settleItem } from './settle-item.ts'

export function createBookkeeping({ db }: { db: Database }): Bookkeeping {
  return {
    beginRun: ({ runId }) => retryTransaction(db, (tx) => beginRun(tx, runId)),
    markNode: (input) => retryTransaction(db, (tx) => markNode(tx, input)),
    prepareItem: (input) => retryTransaction(db, (tx) => prepareItem(tx, input)),
    settleItem: (input) => retryTransaction(db, (tx) => settleItem(tx, input)),
    abandonItem: (input) => retryTransaction(db, (tx) => abandonItem(tx, input)),
    endRun: (input) => retryTransaction(db, (tx) => endRun(tx, input)),
  }
}
