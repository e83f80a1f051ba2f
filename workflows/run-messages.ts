/** What one says to a run: names, ids and messages, imported by the API and the workflow alike. */
export const graphTaskQueue = 'graph'
export const ioTaskQueue = 'io'
export const gpuTaskQueue = 'gpu'
export const trainingTaskQueue = 'training'
/** The queue of one machine: where its loaded models are, work for them goes first. */
export const serverTaskQueue = (serverId: string): string => `gpu-${serverId}`

export const runGraphWorkflow = 'runGraph'
export const runBatchWorkflow = 'runBatch'

/** The Temporal workflow id of a run: the same run can never be started twice. */
export const runWorkflowId = (runId: string): string => `run:${runId}`
/** One child for each segment of the plan. */
export const batchWorkflowId = (runId: string, segmentId: string): string => `run:${runId}:${segmentId}`

export interface RunGraphInput {
  runId: string
}

/** The state that a run should be in, whole: sent again it changes nothing. Of two the higher `revision` counts. */
export interface ControlMessage {
  revision: number
  paused: boolean
  /** 1 … 5; what waits already keeps its place, unless the server can move it. */
  priority: number
}
export const controlSignal = 'control'

/** People have decided about the pictures that the review shows; the workflow then reads what. */
export interface ReviewedMessage {
  reviewId: string
}
export const reviewedSignal = 'reviewed'

/** Typed search attributes of a run; registered when the server or the API starts. */
export const searchAttributes = {
  department: 'StudioDepartment',
  graph: 'StudioGraph',
  status: 'StudioStatus',
  startedBy: 'StudioStartedBy',
} as const

export const runScheduleWorkflow = 'runSchedule'
export const sweepLedgerWorkflow = 'sweepLedger'
export const sweepAccountsWorkflow = 'sweepAccounts'
export const sweepKeptWorkflow = 'sweepKept'

/** The id of a schedule in Temporal, and of the workflows that it starts. */
export const scheduleTemporalId = (scheduleId: string): string => `schedule:${scheduleId}`

export interface RunScheduleInput {
  scheduleId: string
}

export const retryMailWorkflow = 'retryMail'
/** The workflow that has a mail tried again: one at a time for a mail. */
export const mailWorkflowId = (mailId: string): string => `mail:${mailId}`

export interface RetryMailInput {
  mailId: string
}

/** A try of the mail has ended, however it did. */
export const mailTriedSignal = 'mailTried'
