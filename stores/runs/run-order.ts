/** What somebody asks for when a run is to begin: the same for a person, a caller's program, a schedule and a hook. */
import type { Priority, RunInputs } from '@defect-studio/nodes'
import type { Database, RunTrigger } from '@defect-studio/prisma'
import type { GraphReader } from '../access/readable-graphs.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { SourceConfig } from '../sources/source-config.ts'

/** What planning and creating runs needs of the world. */
export interface RunWorld {
  db: Database
  artifacts: ArtifactStore
  ledger: Ledger
  /** What server folders and buckets graphs may read. */
  sources: SourceConfig
  /** Whether runs may send mails to people who are no members. */
  allowExternalMail?: boolean
  /** What is wrong with where a webhook should go, as far as its text tells; null when nothing is. */
  webhookProblem?: (url: string) => string | null
}

/** Whom a run is for: it reads what this member may read, and spends this member's tokens. */
export interface RunStarter extends GraphReader {
  role: string
}

/** Who is told when a run has ended. */
export interface RunCallback {
  url: string
  /** The secret of the department that signs it; null sends it unsigned. */
  secretName: string | null
}

export type GraphSource =
  /** The latest revision when none is named. */
  | { graphId: string; revision?: number | undefined }
  /** `of`: the saved graph that it was, if it was one. */
  | { graph: unknown; of?: string | null; graphId?: undefined }

/** What makes one run of several. */
export interface RunGiven extends RunInputs {
  /** The caller's own id for it. */
  reference?: string | undefined
}

export interface RunSettings {
  source: GraphSource
  trigger: RunTrigger
  /** Shown in lists; the name of the saved graph otherwise. */
  name?: string | undefined
  /** Ids of nodes: these and what they need run, nothing else. */
  only?: readonly string[] | undefined
  /** Results of other runs are not looked for. */
  fresh?: boolean | undefined
  /** What is usual for the trigger when absent. */
  priority?: Priority | undefined
  callback?: RunCallback | undefined
  /** The run that is taken up again: its results are taken over where nothing changed, and its seeds are kept. */
  parentRunId?: string | undefined
  scheduleId?: string | undefined
  /** A workflow has it in hand already: nobody else is to start one. */
  dispatched?: boolean | undefined
}

export interface RunOrder extends RunSettings, RunGiven {}
