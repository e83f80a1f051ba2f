/** Holds the access token in memory alone, and renews it by the httpOnly cookie before it runs out. */
import { z } from 'zod'

let token: string | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let refreshing: Promise<boolean> | null = null

export const currentToken = (): string | null => token

/** Keeps the token, and renews it one minute before the time written inside. */
export function keepToken(next: string | null): void {
  token = next
  clearTimeout(timer)
  if (next === null) return
  const left = expiry(next) - Date.now() - 60_000
  timer = setTimeout(() => void refreshToken(), Math.max(left, 5_000))
}

/** Milliseconds since 1970 when the token runs out; ten minutes from now when it does not say. */
function expiry(jwt: string): number {
  try {
    const body = jwt.split('.')[1] ?? ''
    const payload: unknown = JSON.parse(atob(body.replaceAll('-', '+').replaceAll('_', '/')))
    return z.object({ exp: z.number() }).parse(payload).exp * 1000
  } catch {
    return Date.now() + 600_000
  }
}

const RefreshAnswer = z.object({ accessToken: z.string() })

/**
 * Asks for a new access token; false when the sign-in has ended. Two tabs must not show the same refresh
 * token, because showing a used one ends the sign-in: a lock shared by all tabs lets them go one by one.
 */
export function refreshToken(): Promise<boolean> {
  refreshing ??= withLock(async () => {
    const answer = await fetch('/api/v1/auth/refresh', { method: 'POST', credentials: 'same-origin' })
    if (answer.status >= 500) throw new Error(`The studio answered ${answer.status} to a refresh.`)
    if (!answer.ok) {
      keepToken(null)
      return false
    }
    keepToken(RefreshAnswer.parse(await answer.json()).accessToken)
    return true
  }).finally(() => {
    refreshing = null
  })
  return refreshing
}

function withLock<T>(work: () => Promise<T>): Promise<T> {
  // Browsers offer locks on https and on localhost only.
  return 'locks' in navigator ? navigator.locks.request('defect-studio-refresh', work) : work()
}
