/** What the API says when it refuses: RFC 9457 problems, with the place and the remedy beside the reason. */
import { GraphProblem } from '@defect-studio/nodes'
import { z } from 'zod'

const problems = {
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'wrong-credentials': { status: 401, title: 'Login id or password is wrong' },
  'session-ended': { status: 401, title: 'The session has ended' },
  'insufficient-tokens': { status: 402, title: 'Too few tokens' },
  'not-allowed': { status: 403, title: 'Not allowed' },
  'awaiting-approval': { status: 403, title: 'The account is not approved yet' },
  'cross-site': { status: 403, title: 'The request came from another site' },
  'wrong-code': { status: 403, title: 'The code is wrong, used or too old' },
  'wrong-password': { status: 403, title: 'The password is wrong' },
  'wrong-setup-code': { status: 403, title: 'The set-up code is wrong' },
  'link-expired': { status: 403, title: 'The link has expired' },
  'not-found': { status: 404, title: 'Not found' },
  'already-set-up': { status: 409, title: 'The studio has an owner already' },
  'last-super-admin': { status: 409, title: 'The studio needs a super admin' },
  'member-unfit': { status: 409, title: 'The member is not in the state for it' },
  'department-in-use': { status: 409, title: 'The department is still in use' },
  'already-taken': { status: 409, title: 'Already taken' },
  'revision-clash': { status: 409, title: 'Somebody saved this graph meanwhile' },
  'idempotency-clash': { status: 409, title: 'The key was used for another request' },
  installing: { status: 409, title: 'Another model is being installed' },
  'prices-changed': { status: 409, title: 'Somebody changed the prices meanwhile' },
  'mail-settled': { status: 409, title: 'Nothing is to be done with this mail' },
  removed: { status: 410, title: 'It has been removed since' },
  'review-closed': { status: 409, title: 'The review is over' },
  'review-undecided': { status: 409, title: 'Pictures are undecided' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed' },
  'precondition-failed': { status: 412, title: 'It has changed meanwhile' },
  'too-large': { status: 413, title: 'Too large' },
  'unsupported-media': { status: 415, title: 'This media type is not understood' },
  'bad-range': { status: 416, title: 'The range lies outside' },
  'invalid-request': { status: 422, title: 'The request is not valid' },
  'invalid-graph': { status: 422, title: 'The graph cannot run' },
  'invalid-image': { status: 422, title: 'This is not a usable image' },
  'unusable-list': { status: 422, title: 'The list cannot be made' },
  'unknown-artifact': { status: 422, title: 'A picture is missing' },
  'too-many-attempts': { status: 429, title: 'Too many attempts' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong in the studio' },
  'not-available': { status: 503, title: 'Not available here' },
  'too-busy': { status: 503, title: 'Too much at once' },
  'database-unavailable': { status: 503, title: 'The database does not answer' },
  'store-unavailable': { status: 503, title: 'The artifact store does not answer' },
} as const

export type ProblemCode = keyof typeof problems

/** One place in a request or graph that is wrong. Graph problems carry node, edge and field. */
const ProblemPlace = GraphProblem.extend({
  code: z.string(),
  remedy: z.string().optional(),
  item: z.int().optional().meta({ description: 'For several runs at once: the 0-based place of the run.' }),
})

export const Problem = z
  .object({
    type: z.string().meta({ description: '`urn:defect-studio:problem:` and the code.' }),
    code: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    remedy: z.string().optional(),
    requestId: z.string().optional(),
    problems: z.array(ProblemPlace).optional(),
    revision: z.int().optional().meta({ description: 'For revision-clash: the revision that is saved now.' }),
    needed: z
      .number()
      .optional()
      .meta({ description: 'For insufficient-tokens: tokens that it would take.' }),
    available: z.number().optional().meta({ description: 'For insufficient-tokens: tokens that there are.' }),
    retryAfterSeconds: z.int().optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>

type Extras = Partial<Omit<Problem, 'type' | 'code' | 'title' | 'status' | 'detail' | 'requestId'>>

/** Thrown anywhere below a route; the error middleware turns it into the response. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly extras: Extras
  constructor(code: ProblemCode, detail: string, extras: Extras = {}, options?: ErrorOptions) {
    super(detail, options)
    this.name = 'ProblemError'
    this.code = code
    this.extras = extras
  }
}

/** The same answer whether a thing does not exist or is not the caller's: ids cannot be probed. */
export function notFound(what: string): ProblemError {
  return new ProblemError('not-found', `There is no such ${what}, or it is not yours.`)
}

export function describeProblem(error: ProblemError, requestId?: string): Problem {
  const { status, title } = problems[error.code]
  return {
    type: `urn:defect-studio:problem:${error.code}`,
    code: error.code,
    title,
    status,
    detail: error.message,
    ...error.extras,
    ...(requestId ? { requestId } : {}),
  }
}
