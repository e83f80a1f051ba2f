/** Turns the list of routes into an Express router: body readers, limits, who may call, then the route itself. */
import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express'
import multer from 'multer'
import { isAudited } from './audit/audit-note.ts'
import { auditRequest, type RequestAudit } from './audit/request-audit.ts'
import type { Caller, WorkerCaller } from './auth/caller.ts'
import { refuseKey } from './auth/key-scopes.ts'
import { may } from './auth/permissions.ts'
import { requireSameSite } from './auth/refresh-cookie.ts'
import { createBodyRoom } from './body-room.ts'
import type { Route, Upload } from './define-route.ts'
import { ProblemError } from './problem.ts'
import type { Limits } from './request-limits.ts'
import { largestUploadBytes } from './routes/artifacts.ts'
import { largestResultBytes } from './routes/worker.ts'
import type { Studio } from './studio.ts'

/** 500 nodes with prompts of 2,000 characters and their edges stay below it. */
const largestJson = '4mb'

/** What another system sends to a hook. */
const largestMessage = '1mb'

/** Files in memory at once. While one is read it is there twice, in pieces and whole. */
const mostFileBytes = 512 * 1024 * 1024

export function mountRoutes(routes: readonly Route[], studio: Studio, limits: Limits): Router {
  const router = Router()
  const room = createBodyRoom(mostFileBytes)
  for (const route of routes) {
    const before: RequestHandler[] = [openAudit(route, studio)]
    if (route.limited) before.push(limits[route.limited])
    // Who calls is settled before a byte of the body is read.
    before.push(async (request, response, next) => {
      if (route.sameSiteOnly) requireSameSite(request, studio.config.publicUrl)
      await findCaller(route, studio, request, response)
      next()
    }, limits.callers)
    if (route.largestJson) before.push(room(route.largestJson))
    if (route.takes === 'file' || route.takes === 'bytes')
      before.push(room(route.takes === 'file' ? largestUploadBytes : largestResultBytes))
    before.push(...bodyReaders(route))
    const answer: RequestHandler = async (request, response) => {
      // Nobody wants the headers of a stream for hours.
      if (route.streams === 'text/event-stream' && request.method === 'HEAD')
        return void response.type(route.streams).end()
      const caller = callerOf(response)
      const audit = auditOf(response)
      response.status(route.status)
      const answered = await route.answer({
        studio,
        caller,
        upload: uploadOf(route, request),
        request,
        response,
        audit,
      })
      await audit.done(answered)
      if (route.streams) return
      const keeping = route.revalidated ? 'private, no-cache' : 'no-store'
      if (route.response) response.set('Cache-Control', keeping).json(answered)
      else response.end()
    }
    const refused: ErrorRequestHandler = async (error, _request, response, next) => {
      await auditOf(response).failed(error)
      next(error)
    }
    router[route.method](route.path, ...before, answer, refused)
  }
  for (const [path, methods] of methodsByPath(routes)) router.all(path, refuseMethod(methods))
  return router
}

/** Method names in capitals, by path. */
function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { path, method } of routes) {
    const methods = found.get(path) ?? ['OPTIONS']
    methods.push(method.toUpperCase(), ...(method === 'get' ? ['HEAD'] : []))
    found.set(path, methods)
  }
  return found
}

function refuseMethod(methods: readonly string[]): RequestHandler {
  const allowed = [...methods].sort().join(', ')
  return (request, response) => {
    response.set('Allow', allowed)
    if (request.method === 'OPTIONS') return void response.status(204).end()
    throw new ProblemError('method-not-allowed', `This address does not take ${request.method}.`, {
      remedy: `It takes ${allowed}.`,
    })
  }
}

export const refuseUnknownRoute: RequestHandler = (request) => {
  const path = request.path.slice(0, 200)
  const detail = `There is no route ${request.method} /api${path}.`
  throw new ProblemError('not-found', detail, {
    remedy: path.startsWith('/v1')
      ? 'See /api/v1/openapi.json.'
      : `Everything is below /api/v1: try /api/v1${path}.`,
  })
}

const callerOf = (response: Response): Caller | WorkerCaller | null =>
  (response.locals['caller'] as Caller | WorkerCaller | undefined) ?? null

const auditOf = (response: Response): RequestAudit => response.locals['audit'] as RequestAudit

/** First of all, so that refusals of whatever comes next are seen. */
function openAudit(route: Route, studio: Studio): RequestHandler {
  return (request, response, next) => {
    response.locals['audit'] = auditRequest(route, studio, request, () => callerOf(response))
    if (isAudited(route) && studio.audit.isFull)
      throw new ProblemError(
        'database-unavailable',
        'Nothing can be changed while the audit log cannot be written.',
        {
          remedy: 'Wait a moment and try again; nothing is lost.',
        },
      )
    next()
  }
}

async function findCaller(route: Route, studio: Studio, request: Request, response: Response): Promise<void> {
  if (route.auth === 'public') return
  const caller =
    route.auth === 'worker'
      ? await studio.authenticator.worker(request)
      : await studio.authenticator.member(request)
  if (!caller) throw await notSignedIn(route, studio, request)
  response.locals['caller'] = caller
  if (route.auth === 'worker' || !('role' in caller)) return
  if (caller.role === 'guest' && !may('guest', route.auth))
    throw new ProblemError('awaiting-approval', 'An administrator has to approve this account first.', {
      remedy: 'Wait for the mail that says so.',
    })
  if (!may(caller.role, route.auth))
    throw new ProblemError('not-allowed', 'Your role may not do this.', { remedy: 'Ask an administrator.' })
  if (route.sessionOnly && caller.sessionId === null)
    throw new ProblemError('not-allowed', 'This is for people who are signed in; no API key may do it.', {
      remedy: 'Sign in on the page.',
    })
  const refusal = caller.key && refuseKey(caller.key, route)
  if (refusal)
    throw new ProblemError('not-allowed', refusal, { remedy: 'Make a key that may do this, under Settings.' })
}

async function notSignedIn(route: Route, studio: Studio, request: Request): Promise<ProblemError> {
  if (route.auth === 'worker')
    return new ProblemError('not-signed-in', 'This needs a valid token in the Authorization header.', {
      remedy: 'Ask an administrator for a worker token.',
    })
  const expired = await studio.authenticator.expiryOf(request)
  return expired
    ? new ProblemError('not-signed-in', `This API key expired at ${expired.toISOString()}.`, {
        remedy: 'Make a new one under Settings.',
      })
    : new ProblemError('not-signed-in', 'This needs a valid token in the Authorization header.', {
        remedy: 'Sign in, or use an API key.',
      })
}

function bodyReaders(route: Route): RequestHandler[] {
  if (route.takes === 'file') {
    const limits = { fileSize: largestUploadBytes, files: 1, fields: 10, fieldSize: 10_000, parts: 12 }
    // The name is cleaned by us: taken as it comes, one such as `..` does not make the file disappear.
    const options = { limits, defParamCharset: 'utf8', preservePath: true }
    return [readForm(multer({ storage: multer.memoryStorage(), ...options }).single('file'))]
  }
  // Not inflated: what a body becomes in memory is what it says that it has.
  if (route.takes === 'bytes')
    return [express.raw({ limit: largestResultBytes, type: () => true, inflate: false })]
  if (route.takes === 'message')
    return [express.raw({ limit: largestMessage, type: () => true, inflate: false })]
  if (!route.body) return []
  return [requireJson, express.json({ limit: route.largestJson ?? largestJson })]
}

/** What the reader of forms throws besides its own errors is a form that is not one. */
function readForm(reader: RequestHandler): RequestHandler {
  return (request, response, next) =>
    void reader(request, response, (error: unknown) => {
      if (!(error instanceof Error) || error instanceof multer.MulterError) return next(error)
      next(
        new ProblemError('malformed-request', 'The form is broken or incomplete.', {
          remedy: 'Send it again.',
        }),
      )
    })
}

/** A form of another site can send text, never this type: it would have to ask first. */
const requireJson: RequestHandler = (request, _response, next) => {
  if (!request.is('json'))
    throw new ProblemError('unsupported-media', 'The body has to be JSON.', {
      remedy: 'Send Content-Type: application/json.',
    })
  next()
}

function uploadOf(route: Route, request: Request): Upload | null {
  if (route.takes === 'file')
    return request.file ? { bytes: request.file.buffer, name: request.file.originalname } : null
  const body: unknown = request.body
  const isBare = route.takes === 'bytes' || route.takes === 'message'
  return isBare && Buffer.isBuffer(body) ? { bytes: body, name: '' } : null
}
