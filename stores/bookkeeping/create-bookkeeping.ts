/** The books of runs: each entry is one short transaction, which may be sent again and is written once. */
import type { Bookkeeping } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { createManifestReader } from '../collections/read-manifest.ts'
import { retryPassing, retryTransaction } from '../retry-transaction.ts'
import { gatherPort } from './gather-port.ts'
import { createRunFacts } from './run-facts.ts'
import { beginRun, endRun, readRun } from './run-ends.ts'
import { writeEntries } from './write-entries.ts'

export function createBookkeeping({
  db,
  artifacts,
}: {
  db: Database
  artifacts: ArtifactStore
}): Bookkeeping {
  const facts = createRunFacts(db)
  const world = { db, artifacts }
  const manifests = createManifestReader(artifacts)
  return {
    beginRun: ({ runId }) => retryTransaction(db, (tx) => beginRun(tx, runId)),
    readRun: ({ runId }) => retryPassing(() => readRun(db, runId)),
    write: async ({ runId, entries }) => writeEntries(world, await retryPassing(() => facts(runId)), entries),
    readItems: ({ collection, slice }) => manifests.readItems(collection, slice),
    gather: (input) => gatherPort({ db, artifacts }, input),
    endRun: (input) => endRun(db, input),
  }
}
