/** How often somebody may ask: guesses and messages by address, everything else by key or member. */
import type { Request, RequestHandler } from 'express'
import { ipKeyGenerator, type Options, rateLimit } from 'express-rate-limit'
import type { Caller, WorkerCaller } from './auth/caller.ts'
import type { ApiConfig } from './config.ts'
import { ProblemError } from './problem.ts'

export interface Limits {
  /** Guessing passwords and codes. */
  secrets: RequestHandler
  /** Messages to a hook. */
  messages: RequestHandler
  /** Everything that members and keys ask; comes after it is known who calls. An event stream counts once. */
  callers: RequestHandler
}

const minuteMs = 60_000

/** Two a second; whoever has more pictures than that sends a batch. */
const messagesPerMinute = 120

/** Counts in the memory of this process: with several API processes each has its own. */
export function createLimits(config: Pick<ApiConfig, 'signInsPerMinute' | 'requestsPerMinute'>): Limits {
  const { key, member } = config.requestsPerMinute
  const isKey = (request: Request) => Boolean(callerOf(request)?.key)
  return {
    secrets: limit({
      limit: config.signInsPerMinute,
      identifier: 'attempts',
      ipv6Subnet: 56,
      words: 'Too many attempts from this address.',
      code: 'too-many-attempts',
    }),
    messages: limit({
      limit: messagesPerMinute,
      identifier: 'messages',
      // So that nobody else uses up what a hook may take.
      keyGenerator: (request) => `${ipKeyGenerator(request.ip ?? '', 56)} ${request.path}`,
      words: 'Too many messages to this hook.',
      code: 'too-many-attempts',
    }),
    callers: limit({
      limit: (request) => (isKey(request) ? key : member),
      identifier: (request) => (isKey(request) ? 'key' : 'member'),
      keyGenerator: (request) => {
        const caller = callerOf(request)
        return caller?.key ? `key ${caller.key.id}` : `member ${caller?.memberId}`
      },
      skip: (request) => {
        const caller = callerOf(request)
        return !caller || (caller.key ? key : member) === 0
      },
      words: 'Too many requests in one minute.',
      code: 'too-many-requests',
    }),
  }
}

/** Workers are machines of the studio's own, and strangers are refused before. */
function callerOf(request: Request): Caller | null {
  const caller = request.res?.locals['caller'] as Caller | WorkerCaller | undefined
  return caller && 'memberId' in caller ? caller : null
}

interface LimitOptions extends Partial<Options> {
  words: string
  code: 'too-many-attempts' | 'too-many-requests'
}

function limit({ words, code, ...options }: LimitOptions): RequestHandler {
  return rateLimit({
    windowMs: minuteMs,
    ...options,
    // RateLimit and RateLimit-Policy; a refusal has Retry-After too.
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Past the audit log and the log of requests, as every refusal.
    handler(_request, response, next) {
      const seconds = Number(response.getHeader('Retry-After')) || 60
      const remedy = `Wait ${seconds} s, or ask less often; the RateLimit headers say how much is left.`
      next(new ProblemError(code, words, { remedy, retryAfterSeconds: seconds }))
    },
  })
}
