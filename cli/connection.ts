/** A client of the studio's API, and the translation of its refusals into errors that a terminal can show. */
import createClient from 'openapi-fetch'
import { z } from 'zod'
import type { paths } from './__generated__/openapi.ts'
import { readConfig } from './config.ts'
import { CommandError, exitCodes } from './exit-codes.ts'

export interface Address {
  url: string
  apiKey: string | null
}

/** Environment first, then what `login` stored, then the studio of this clone, then where one usually is. */
export async function findAddress(env: NodeJS.ProcessEnv): Promise<Address> {
  const stored = await readConfig(env)
  const url = env['STUDIO_URL'] ?? stored?.url ?? env['STUDIO_LOCAL_URL'] ?? 'http://127.0.0.1:8080'
  // A stored key belongs to the stored address; it is never sent to another one.
  const storedKey = stored && sameOrigin(stored.url, url) ? stored.apiKey : null
  return { url: url.replace(/\/+$/, ''), apiKey: env['STUDIO_API_KEY'] ?? storedKey }
}

function sameOrigin(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin
}

export type StudioClient = ReturnType<typeof createClient<paths>>

export function connect(address: Address, token: string | null = address.apiKey): StudioClient {
  return createClient<paths>({
    baseUrl: address.url,
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    fetch: (request) => reach(request),
  })
}

/** `connect`, for commands that are pointless without a key. */
export async function connectSignedIn(
  env: NodeJS.ProcessEnv,
): Promise<{ client: StudioClient; address: Address }> {
  const address = await findAddress(env)
  if (!address.apiKey)
    throw new CommandError(
      exitCodes.notAllowed,
      `No API key for ${address.url}. Run "defect-studio login", or set STUDIO_URL and STUDIO_API_KEY.`,
    )
  return { client: connect(address), address }
}

/** fetch, with a sentence in place of "fetch failed". */
export async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    throw new CommandError(
      exitCodes.unreachable,
      `The studio at ${new URL(request.url).origin} cannot be reached (${cause}). Is it running? Set STUDIO_URL if it is elsewhere.`,
    )
  }
}

const Problem = z.object({
  title: z.string(),
  detail: z.string().optional(),
  remedy: z.string().optional(),
  problems: z
    .array(
      z.object({
        nodeId: z.string().optional(),
        field: z.string().optional(),
        path: z.string().optional(),
        message: z.string(),
        remedy: z.string().optional(),
      }),
    )
    .optional(),
})

/** The data of a response, or a CommandError with everything the studio said about its refusal. */
export function unwrap<T>(result: { data?: T; error?: unknown; response: Response }): T {
  if (result.response.ok && result.data !== undefined) return result.data
  throw refusal(result.response.status, result.error)
}

export function refusal(status: number, body: unknown): CommandError {
  const exitCode =
    status === 401 || status === 403
      ? exitCodes.notAllowed
      : status >= 500
        ? exitCodes.unreachable
        : exitCodes.refused
  const problem = Problem.safeParse(body)
  if (!problem.success) return new CommandError(exitCode, `The studio answered ${status}.`)
  const { title, detail, remedy, problems } = problem.data
  return new CommandError(
    exitCode,
    [detail ?? title, remedy].filter(Boolean).join(' '),
    (problems ?? []).map((one) => {
      const place = [one.nodeId, one.field ?? one.path].filter(Boolean).join('.')
      return [place ? `${place}: ${one.message}` : one.message, one.remedy].filter(Boolean).join(' ')
    }),
  )
}
