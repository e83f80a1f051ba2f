/** Speaks to the API, typed by its own description: adds the access token, renews it once when it ran out. */
import createClient from 'openapi-fetch'
import { z } from 'zod'
import { GraphProblem } from '@defect-studio/nodes'
import type { paths } from './__generated__/openapi.ts'
import { currentToken, refreshToken } from './access-token.ts'
import { signedOut } from './session.ts'

/** Tests have no page; a request needs a whole address. */
export const studioUrl = globalThis.location?.origin ?? 'http://studio.test'

/** One method for each of GET, POST, PUT and DELETE: `api.GET('/api/v1/runs/{id}', { params: { path: { id } } })`. */
export const api = createClient<paths>({ baseUrl: studioUrl, fetch: send })

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

/** What a method of `api` resolves to. */
export interface Asked<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The answer that the route promises; nothing for one that answers with 204. @throws ApiError on a refusal. */
export async function answer<T>(asked: Promise<Asked<T>>): Promise<T> {
  const { data, error, response } = await asked
  if (!response.ok) throw refusalOf(response.status, error)
  // The border: the type comes from the API's own description of this route.
  return data as T
}

/** Sends with the token; on 401 renews it once and sends again. The caller reads the body. */
export async function send(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const mayRenew = !pathname.startsWith('/api/v1/auth/') && !pathname.startsWith('/api/v1/setup')
  // A body can be sent once.
  const again = mayRenew ? request.clone() : null
  const first = await sendOnce(request)
  if (first.status !== 401 || !again) return first
  if (await refreshToken()) return sendOnce(again)
  signedOut()
  return first
}

function sendOnce(request: Request): Promise<Response> {
  const token = currentToken()
  if (token) request.headers.set('authorization', `Bearer ${token}`)
  return fetch(request)
}

/** A form with one file, for routes that take one: `{ body: { file }, bodySerializer: fileForm(name) }`. */
export const fileForm =
  (name: string) =>
  ({ file }: { file: Blob }): FormData => {
    const form = new FormData()
    form.append('file', file, name)
    return form
  }

export async function toError(response: Response): Promise<ApiError> {
  return refusalOf(response.status, await response.json().catch(() => ({})))
}

function refusalOf(status: number, body: unknown): ApiError {
  const problem = Problem.safeParse(body)
  return new ApiError(status, problem.success ? problem.data : {})
}
