/** What an API key may be used for. A route that no scope names is open to keys without limits alone. */
import { z } from 'zod'

export const keyScopes = [
  'everything',
  'runs:read',
  'runs:write',
  'graphs:read',
  'graphs:write',
  'artifacts',
  'tokens:read',
] as const
export const KeyScope = z.enum(keyScopes)
export type KeyScope = z.infer<typeof KeyScope>

/** What the scopes open: by tag, for routes that only read and for those that change something. */
const byTag: Readonly<Record<string, { read?: KeyScope; write?: KeyScope }>> = {
  catalogue: { read: 'graphs:read' },
  graphs: { read: 'graphs:read', write: 'graphs:write' },
  presets: { read: 'graphs:read', write: 'graphs:write' },
  runs: { read: 'runs:read', write: 'runs:write' },
  artifacts: { read: 'artifacts', write: 'artifacts' },
  gallery: { read: 'artifacts', write: 'artifacts' },
  tokens: { read: 'tokens:read' },
  statistics: { read: 'tokens:read' },
}

/** The limits of the key that was shown. */
export interface KeyLimits {
  id: string
  /** Empty: everything that its member may. */
  scopes: readonly string[]
  /** Runs of these graphs alone; empty: of any. */
  graphIds: readonly string[]
  expiresAt: Date | null
}

interface ScopedRoute {
  method: string
  tag: string
  /** Instead of what the tag says; `any`: every key. */
  scope?: KeyScope | 'any'
  /** It looks at which graphs the key is bound to. */
  graphBound?: true
}

/** Why the key does not open the route; null when it does. */
export function refuseKey(key: Omit<KeyLimits, 'id'>, route: ScopedRoute): string | null {
  const needed = route.scope ?? byTag[route.tag]?.[route.method === 'get' ? 'read' : 'write'] ?? 'everything'
  if (needed === 'any') return null
  const all = key.scopes.length === 0 || key.scopes.includes('everything')
  if (!all && !key.scopes.includes(needed)) return `This API key does not have the scope "${needed}".`
  if (key.graphIds.length > 0 && !route.graphBound)
    return 'This API key is bound to some graphs, and this is not about one of them.'
  return null
}

/** Who holds a key with limits may not make one without: it could not be told from giving itself more. */
export const isLimited = (key: Omit<KeyLimits, 'id'>): boolean =>
  key.expiresAt !== null ||
  key.graphIds.length > 0 ||
  (key.scopes.length > 0 && !key.scopes.includes('everything'))
