/** What passes between the process on a GPU host and its thread that computes. Plain data, for the structured clone. */
import { isFailureType, StudioError, type FailureType } from '@defect-studio/nodes'

export type ToThread =
  | {
      kind: 'call'
      id: number
      method: string
      input: unknown
      /** One number: 0, or 1 when the work should stop. Read between two steps, while no message can be heard. */
      stop: Int32Array
    }
  /** Wakes work that waits for something other than a step. */
  | { kind: 'stop'; id: number }
  /** Let go of everything and end. */
  | { kind: 'end' }

export type FromThread =
  | { kind: 'done'; id: number; value: unknown }
  | { kind: 'failed'; id: number; error: PlainError; stopped: boolean }
  | { kind: 'step'; id: number; step: number; total: number; preview?: string | undefined }
  /** What the thread says of itself without being asked, since it cannot answer while it computes. */
  | { kind: 'state'; state: unknown }

/** An error without its class, which does not survive the way between two threads. */
export type PlainError = { name: string; message: string; stack?: string | undefined; type?: FailureType }

export function toPlainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, stack } = error
  return { name, message, stack, ...(error instanceof StudioError ? { type: error.type } : {}) }
}

/** The error as it was thrown: a StudioError with its type, or another one by its name. */
export function reviveError({ name, message, stack, type }: PlainError): Error {
  const error = isFailureType(type) ? new StudioError(type, message) : new Error(message)
  error.name = name
  if (stack !== undefined) error.stack = stack
  return error
}
