/** Speaks to the API: adds the access token, renews it once when it ran out, turns refusals into errors. */
import { z } from 'zod'
import { GraphProblem } from '@defect-studio/nodes'
import { currentToken, refreshToken } from './access-token.ts'
import { signedOut } from './session.ts'

const ProblemPlace = GraphProblem.extend({ code: z.string(), remedy: z.string().default('') })
export type ProblemPlace = z.infer<typeof ProblemPlace>

const Problem = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
  remedy: z.string().optional(),
  problems: z.array(ProblemPlace).optional().catch(undefined),
})

/** What the API refused, in its words. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly remedy: string
  readonly problems: ProblemPlace[]
  constructor(status: number, problem: z.infer<typeof Problem>) {
    super(problem.detail ?? problem.title ?? `The studio answered ${status}.`)
    this.name = 'ApiError'
    this.status = status
    this.code = problem.code ?? ''
    this.remedy = problem.remedy ?? ''
    this.problems = problem.problems ?? []
  }
}

interface RequestOptions {
  body?: unknown
  form?: FormData
  headers?: Record<string, string>
  signal?: AbortSignal
  /** Whether the browser shall finish the request when the page is gone; for bodies under 64 kB. */
  keepalive?: boolean
}

/** Sends with the token; on 401 renews it once and sends again. The caller reads the body. */
export async function send(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
  const first = await sendOnce(method, path, options)
  if (first.status !== 401 || path.startsWith('/auth/') || path.startsWith('/setup')) return first
  if (await refreshToken()) return sendOnce(method, path, options)
  signedOut()
  return first
}

function sendOnce(method: string, path: string, options: RequestOptions): Promise<Response> {
  const headers = new Headers(options.headers)
  const token = currentToken()
  if (token) headers.set('authorization', `Bearer ${token}`)
  if (options.body !== undefined) headers.set('content-type', 'application/json')
  return fetch(`/api/v1${path}`, {
    method,
    headers,
    credentials: 'same-origin',
    ...(options.form ? { body: options.form } : {}),
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...(options.keepalive ? { keepalive: true } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  })
}

/** The answer as JSON of the type that the route promises; throws ApiError on a refusal. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const answer = await send(method, path, options)
  if (!answer.ok) throw await toError(answer)
  if (answer.status === 204) return undefined as T
  // The border: the type comes from the API's own description of this route.
  return (await answer.json()) as T
}

export async function toError(answer: Response): Promise<ApiError> {
  const body: unknown = await answer.json().catch(() => ({}))
  const problem = Problem.safeParse(body)
  return new ApiError(answer.status, problem.success ? problem.data : {})
}
