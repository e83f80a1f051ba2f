/** The ways in which a node run can fail, and which of them another try can mend. */

export const failureTypes = {
  'invalid-graph': { retryable: false, remedy: 'Open the graph and mend what is marked.' },
  'invalid-input': { retryable: false, remedy: 'Give the node an input that it can use.' },
  'insufficient-tokens': { retryable: false, remedy: 'Ask an administrator for tokens, then run again.' },
  'artifact-missing': { retryable: false, remedy: 'The picture was deleted. Choose another one.' },
  'model-missing': { retryable: false, remedy: 'Import the model under Models, or choose another.' },
  'model-broken': { retryable: false, remedy: 'Export the model again: a file of it is missing or damaged.' },
  'size-mismatch': { retryable: false, remedy: 'Use a mask that was drawn over this picture.' },
  'out-of-memory': { retryable: false, remedy: 'Choose a smaller size, or a server with more memory.' },
  'provider-unavailable': { retryable: false, remedy: 'Ask whoever runs the GPU server to read its log.' },
  crashed: {
    retryable: true,
    remedy: 'Choose a smaller size or another model; whoever runs the GPU server finds more in its log.',
  },
  unavailable: { retryable: true, remedy: 'Wait a moment; the step is tried again by itself.' },
  internal: { retryable: true, remedy: 'Run again; if it stays, report it with the run id.' },
} as const

export type FailureType = keyof typeof failureTypes

/** What a person sees of a failed node or run. */
export interface Failure {
  type: FailureType
  message: string
  remedy: string
}

/** An error that says of itself which failure it is; thrown by activities and pipelines alike. */
export class StudioError extends Error {
  readonly type: FailureType
  constructor(type: FailureType, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StudioError'
    this.type = type
  }
}

export function isFailureType(type: unknown): type is FailureType {
  return typeof type === 'string' && Object.hasOwn(failureTypes, type)
}
