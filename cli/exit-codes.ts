/** What a script can tell from the exit code of a command. */
import { printable } from './printable.ts'

export const exitCodes = {
  ok: 0,
  /** The run ended, but not every node succeeded. */
  runFailed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** Not signed in, or not allowed. */
  notAllowed: 3,
  /** The studio refused: a graph that cannot run, too few tokens, a file that is no picture. */
  refused: 4,
  /** The studio cannot be reached, or is not ready. */
  unreachable: 5,
  /** Stopped by Ctrl-C; the run was asked to cancel. */
  cancelled: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** An error that already says what to do; printed without a stack. */
export class CommandError extends Error {
  readonly exitCode: ExitCode
  /** Lines below the message, such as one for each problem of a graph. */
  readonly details: readonly string[]
  constructor(exitCode: ExitCode, message: string, details: readonly string[] = []) {
    super(printable(message))
    this.name = 'CommandError'
    this.exitCode = exitCode
    this.details = details.map(printable)
  }
}
