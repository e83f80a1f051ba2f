/** The one place where errors become responses. A stranger sees a problem; what went wrong goes to the log. */
import { StudioError } from '@defect-studio/nodes'
import { isFull, ReusedKeyError, RunRefusal } from '@defect-studio/stores'
import type { ErrorRequestHandler, Request, Response } from 'express'
import multer from 'multer'
import { isDatabaseAway, isOutOfRange } from './database-errors.ts'
import { describeProblem, ProblemError } from './problem.ts'
import { problemOf } from './runs/run-world.ts'

export function errorMiddleware(): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const problem = toProblem(error)
    if (problem.code === 'internal') request.log.error({ err: error }, 'request failed')
    else if (problem.code.endsWith('-unavailable')) request.log.warn({ err: error }, 'request refused')
    // Half a stream was sent: the only honest end is a broken one.
    if (response.headersSent) response.destroy()
    else sendProblem(problem, request, response)
  }
}

export function sendProblem(problem: ProblemError, request: Request, response: Response): void {
  const described = describeProblem(problem, typeof request.id === 'string' ? request.id : undefined)
  for (const header of ['ETag', 'Cache-Control', 'Content-Length', 'Accept-Ranges'])
    response.removeHeader(header)
  if (described.status === 401) response.set('WWW-Authenticate', 'Bearer')
  if (described.status === 503) response.set('Retry-After', '2')
  response
    .status(described.status)
    .set({ 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' })
    .end(JSON.stringify(described))
}

export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof RunRefusal) return problemOf(error)
  if (error instanceof StudioError) return fromStudioError(error)
  if (error instanceof multer.MulterError) return fromMulter(error)
  if (isDatabaseAway(error))
    return new ProblemError(
      'database-unavailable',
      'The database does not answer at the moment.',
      { remedy: 'Wait a moment and try again; nothing is lost.' },
      { cause: error },
    )
  if (isOutOfRange(error))
    return new ProblemError('invalid-request', 'A number in the request is larger than what can be kept.', {
      remedy: 'Correct it and send it again.',
    })
  return fromExpress(error) ?? internal(error)
}

function fromStudioError(error: StudioError): ProblemError {
  if (error instanceof ReusedKeyError)
    return new ProblemError('idempotency-clash', 'This Idempotency-Key was used for another order.', {
      remedy: 'Send a new key with a new request.',
    })
  if (error.type === 'artifact-missing')
    return new ProblemError('not-found', 'The artifact is not in the store.')
  if (error.type === 'unavailable')
    return new ProblemError(
      'store-unavailable',
      isFull(error) ? 'The artifact store is full.' : 'The artifact store does not answer.',
      {
        remedy: isFull(error)
          ? 'Ask whoever looks after the studio to make room, then try again; nothing is lost.'
          : 'Wait a moment and try again; nothing is lost.',
      },
      { cause: error },
    )
  return internal(error)
}

function fromMulter(error: multer.MulterError): ProblemError {
  if (error.code === 'LIMIT_FILE_SIZE') return new ProblemError('too-large', 'The file is larger than 64 MB.')
  return new ProblemError('malformed-request', `The form cannot be read: ${error.message}.`, {
    remedy: 'Send one picture as the form field "file".',
  })
}

/** What express and its body parsers throw carries a status; their 4xx messages name the request's fault. */
function fromExpress(error: unknown): ProblemError | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null
  const { status } = error
  if (status === 413) return new ProblemError('too-large', 'The body is larger than this route takes.')
  if (status === 415)
    return new ProblemError('unsupported-media', 'The encoding of the body is not understood.')
  if (status >= 400 && status < 500)
    return new ProblemError('malformed-request', 'The request cannot be read: is the JSON complete?', {
      remedy: 'Send a JSON body with Content-Type: application/json.',
    })
  return null
}

function internal(cause: unknown): ProblemError {
  return new ProblemError(
    'internal',
    'Something went wrong; it is written in the log under this request id.',
    { remedy: 'Try again; if it stays, report it with the request id.' },
    { cause },
  )
}
