/** The one border where an error becomes a Temporal failure: with its type, and whether another try can mend it. */
import { failureTypes, isFailureType, StudioError, type FailureType } from '@defect-studio/nodes'
import { ApplicationFailure, TemporalFailure } from '@temporalio/common'

/** The server keeps 4 KiB of a failed activity; a message of this many characters fits with room to spare. */
const longestMessage = 1000

/** Codes by which Node says that another process is away for the moment. */
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
])

export interface FailureContext {
  /** 1 for the first try. */
  attempt: number
  /** An error that nobody foresaw is tried so often before it counts as a fault that stays. */
  internalAttempts: number
  /** Knows more errors after which another try may succeed, such as those of a database. */
  isPassing?: (error: unknown) => boolean
}

export function toFailure(error: unknown, context: FailureContext): TemporalFailure {
  if (error instanceof TemporalFailure) return error
  const { type, message, again } = describeFailure(error, context)
  return ApplicationFailure.create({ type, message, nonRetryable: !again })
}

/** What people may read of it, and whether another try may mend it. */
export function describeFailure(
  error: unknown,
  { attempt, internalAttempts, isPassing }: FailureContext,
): { type: FailureType; message: string; again: boolean } {
  if (error instanceof ApplicationFailure && isFailureType(error.type))
    return { type: error.type, message: error.message, again: error.nonRetryable !== true }
  const { type, message } = classify(error, isPassing)
  const givesUp = type === 'internal' && attempt >= internalAttempts
  return {
    type,
    message: withoutFolders(message).slice(0, longestMessage),
    again: !givesUp && failureTypes[type].retryable,
  }
}

function classify(
  error: unknown,
  isPassing?: (error: unknown) => boolean,
): { type: FailureType; message: string } {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof StudioError) return { type: error.type, message }
  // Thrown by the decoder for a file that no try can read.
  if (error instanceof Error && error.name === 'ImageProblem') return { type: 'invalid-input', message }
  if (isPassing?.(error) || isNetworkError(error))
    return { type: 'unavailable', message: 'A part of the studio did not answer.' }
  // An error that nobody wrote for people may quote queries, code or addresses; the worker logs it whole.
  return { type: 'internal', message: "Something unforeseen went wrong; the worker's log says what." }
}

/** People see which model or file is meant, not where it lies on somebody's machine. */
function withoutFolders(message: string): string {
  return message.replace(/(?<![\w/:.\\-])(?:[A-Za-z]:)?(?:[\\/][^\s\\/:'",;]+)+[\\/]([^\s\\/:'",;]+)/g, '$1')
}

/** Looks through causes: `fetch` hides there why it failed. */
function isNetworkError(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 4) return false
  const code: unknown = Reflect.get(error, 'code')
  return (typeof code === 'string' && networkCodes.has(code)) || isNetworkError(error.cause, depth + 1)
}
