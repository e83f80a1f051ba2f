/** What a route says of itself for the audit log, and the names that follow from its path where it says nothing. */
import type { AuditDetails, AuditObject, AuditOutcome } from '@defect-studio/stores'

export interface AuditNote {
  /** Instead of the route's own: where one request does several things. */
  action?: string | undefined
  object?: AuditObject | null | undefined
  details?: AuditDetails | undefined
  /** Instead of `done`: where one of several things that were asked for is refused. */
  outcome?: AuditOutcome | undefined
}

interface Named {
  method: string
  path: string
  audit?: false | { action?: string } | undefined
}

const verbs: Readonly<Record<string, string>> = { post: 'create', put: 'change', delete: 'delete' }

/** Whether the log says anything of the route: of all that may change something, unless the route says no. */
export const isAudited = ({ method, audit }: Named): boolean =>
  audit !== false && (method !== 'get' || audit !== undefined)

/** `members.disable` for POST /members/:id/disable, `graphs.create` for POST /graphs. */
export function actionOf({ method, path, audit }: Named): string {
  if (audit && audit.action) return audit.action
  const words = wordsOf(path)
  const verb = verbs[method] ?? 'read'
  return words.length > 1 && method !== 'delete' ? words.join('.') : [...words, verb].join('.')
}

/** `member` for /members/:id. */
export function kindOf(path: string): string {
  const first = wordsOf(path)[0] ?? 'studio'
  return first.replace(/(?<=(?:ch|sh|x))es$|s$/, '')
}

const wordsOf = (path: string): string[] =>
  path.split('/').filter((word) => word !== '' && !word.startsWith(':') && !/^v\d+$/.test(word))
