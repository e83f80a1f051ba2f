/** `defineRoute`: the shape of one route. What it takes is checked once, here; OpenAPI is made from the same schemas. */
import type { Request, Response } from 'express'
import { z } from 'zod'
import type { AuditDetails, AuditObject } from '@defect-studio/stores'
import type { RequestAudit } from './audit/request-audit.ts'
import type { Caller, WorkerCaller } from './auth/caller.ts'
import type { KeyScope } from './auth/key-scopes.ts'
import type { Permission } from './auth/permissions.ts'
import { findUnkeepable } from './keepable-json.ts'
import { ProblemError } from './problem.ts'
import type { Studio } from './studio.ts'

/** Who may call: anybody, a worker with its token, or members whose role has the permission. */
export type RouteAuth = 'public' | 'worker' | Permission

type CallerOf<A extends RouteAuth> = A extends 'public' ? null : A extends 'worker' ? WorkerCaller : Caller

export interface Upload {
  bytes: Buffer
  /** The file name that the sender gave; never a path. Empty when there was none. */
  name: string
}

interface RouteContext<A extends RouteAuth, P, Q, B> {
  studio: Studio
  caller: CallerOf<A>
  params: P
  query: Q
  body: B
  upload: Upload | null
  request: Request
  response: Response
  audit: RequestAudit
}

type NoFields = z.ZodObject<Record<never, never>>

interface RouteDefinition<
  A extends RouteAuth,
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
  R extends z.ZodType,
> {
  /** Verb and noun, such as `listGraphs`: what generated clients call it. Once given it stays. */
  operationId?: string
  method: 'get' | 'post' | 'put' | 'delete'
  /** Below `/api/v1`, in Express's form: `/graphs/:id`. */
  path: `/${string}`
  tag: string
  summary: string
  description?: string
  auth: A
  /** Which API keys open it, instead of what its tag says; `any`: every key. */
  scope?: KeyScope | 'any'
  /** For people who are signed in: no API key opens it, whatever its scopes. */
  sessionOnly?: true
  /** It looks at `caller.graphIds`: a key that is bound to some graphs opens it. */
  graphBound?: true
  /** Takes an Idempotency-Key header: the same request with the same key is done once. */
  idempotent?: true
  params?: P
  query?: Q
  /** Headers that the handler reads, for the description; nobody checks them but the handler. */
  headers?: z.ZodObject
  body?: B
  /** Bytes that a JSON body may have, where it is more than what is usual. */
  largestJson?: number
  /** What the body is when it is no JSON of ours: one file of a form, bare bytes, or somebody's message of 1 MB at most. */
  takes?: 'file' | 'bytes' | 'message'
  /** Counts against a limit: the strict one for guessing passwords and codes, or that for messages to hooks. */
  limited?: 'secrets' | 'messages'
  /** Uses the refresh cookie: refused when another site caused the request. */
  sameSiteOnly?: true
  /** Success status; 200 with a response schema and 204 without, unless given. */
  status?: number
  response?: R
  /**
   * What the audit log says of it. Without it: the action by the path and the object by its id, of all but GET; false:
   * nothing, because nothing changes. `details` names each fact: nothing of a body is written by itself.
   */
  audit?:
    | false
    | {
        /** Stable: people filter by it. */
        action?: string
        object?(
          context: RouteContext<A, z.output<P>, z.output<Q>, z.output<B>>,
          answer: z.input<R>,
        ): AuditObject
        details?(
          context: RouteContext<A, z.output<P>, z.output<Q>, z.output<B>>,
          answer: z.input<R>,
        ): AuditDetails
      }
  /** Changes seldom: clients keep the answer and ask with If-None-Match whether it still holds. */
  revalidated?: true
  /** Answers of the handler under other statuses than `status`. */
  otherwise?: Readonly<Record<number, { description: string; response?: z.ZodType }>>
  /** Media type of a response that the handler writes by itself. */
  streams?: string
  handler(
    context: RouteContext<A, z.output<P>, z.output<Q>, z.output<B>>,
  ): Promise<R extends z.ZodNever ? void : z.input<R>>
}

export interface RawContext {
  studio: Studio
  caller: Caller | WorkerCaller | null
  upload: Upload | null
  request: Request
  response: Response
  audit: RequestAudit
}

/** A route whose types are settled: what mounting it and describing it need. */
export interface Route extends Pick<
  RouteDefinition<RouteAuth, z.ZodObject, z.ZodObject, z.ZodType, z.ZodType>,
  | 'operationId'
  | 'method'
  | 'path'
  | 'tag'
  | 'summary'
  | 'description'
  | 'auth'
  | 'scope'
  | 'sessionOnly'
  | 'graphBound'
  | 'idempotent'
  | 'params'
  | 'query'
  | 'headers'
  | 'body'
  | 'largestJson'
  | 'takes'
  | 'limited'
  | 'sameSiteOnly'
  | 'response'
  | 'otherwise'
  | 'revalidated'
  | 'streams'
> {
  status: number
  audit?: false | { action?: string }
  /** Checks what came in, runs the handler, and strips from its answer whatever the response schema does not name. */
  answer(context: RawContext): Promise<unknown>
}

export function defineRoute<
  A extends RouteAuth,
  P extends z.ZodObject = NoFields,
  Q extends z.ZodObject = NoFields,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodNever,
>(definition: RouteDefinition<A, P, Q, B, R>): Route {
  const params: z.ZodType = definition.params ?? z.object({})
  const query: z.ZodType = definition.query ?? z.object({})
  const body: z.ZodType = definition.body ?? z.undefined()
  return {
    ...definition,
    status: definition.status ?? (definition.response || definition.streams ? 200 : 204),
    async answer(raw) {
      const { request } = raw
      // Mounting has authenticated the caller by `definition.auth`, and the schemas are the definition's own:
      // erasing them above is what makes one list of all routes possible.
      const context = {
        ...raw,
        params: check(params, request.params, 'path'),
        query: check(query, request.query, 'query'),
        body: definition.body ? check(body, request.body, 'body') : undefined,
      } as unknown as RouteContext<A, z.output<P>, z.output<Q>, z.output<B>>
      const result = await definition.handler(context)
      if (definition.audit) {
        const answered = result as z.input<R>
        raw.audit.tell({
          object: definition.audit.object?.(context, answered),
          details: definition.audit.details?.(context, answered),
        })
      }
      return definition.response ? definition.response.parse(result) : undefined
    },
  }
}

function check(schema: z.ZodType, value: unknown, place: string): unknown {
  const unkeepable = findUnkeepable(value)
  if (unkeepable)
    throw new ProblemError('invalid-request', unkeepable.message, {
      remedy: 'Correct the marked field and send it again.',
      problems: [{ code: 'unkeepable', field: unkeepable.field || place, message: unkeepable.message }],
    })
  const parsed = schema.safeParse(value ?? {})
  if (parsed.success) return parsed.data
  throw new ProblemError('invalid-request', parsed.error.issues[0]?.message ?? 'The request is not valid.', {
    remedy: 'Correct the marked fields and send it again.',
    problems: parsed.error.issues.map((issue) => ({
      code: issue.code,
      field: issue.path.length > 0 ? issue.path.join('.') : place,
      message: issue.message,
    })),
  })
}
