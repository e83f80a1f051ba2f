/** What one says to a run: names, ids and messages, imported by the API and the workflow alike. */
export const graphTaskQueue = 'graph'
export const ioTaskQueue = 'io'
export const gpuTaskQueue = 'gpu'
export const runGraphWorkflow = 'runGraph'

/** The Temporal workflow id of a run: the same run can never be started twice. */
export const runWorkflowId = (runId: string): string => `run:${runId}`

export interface RunGraphInput {
  runId: string
}
