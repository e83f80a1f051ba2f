/** The one file that a workflow worker is pointed at: every workflow, nothing else. */
export { retryMail } from './retry-mail.ts'
export { runBatch } from './run-batch.ts'
export { runGraph } from './run-graph.ts'
export { runSchedule } from './run-schedule.ts'
export { sweepAccounts, sweepKept, sweepLedger } from './sweep.ts'
