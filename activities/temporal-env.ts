/** Where the Temporal server is, as every worker is told it by its environment. */
import { z } from 'zod'

export const temporalEnvironment = {
  /** `host:port`. */
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_TLS: z.stringbool().default(false),
  TEMPORAL_API_KEY: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
}

/** Parses with words for the person who set the environment. An empty variable counts as none, as in `.env` files. */
export function readEnvironment<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): z.output<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new Error(`The environment is not complete:\n${z.prettifyError(parsed.error)}\nSee .env.example.`)
}
