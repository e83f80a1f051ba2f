/** What happens when the page opens and when people sign in or out. */
import { currentToken, keepToken, refreshToken } from './access-token.ts'
import { answer, api } from './client.ts'
import { queryClient } from './query-client.ts'
import { signedIn, signedOut } from './session.ts'

/** The cookie of an earlier visit may still sign the person in. Throws while the studio does not answer. */
export async function startSession(): Promise<void> {
  if (!currentToken() && !(await refreshToken())) return signedOut()
  signedIn(await answer(api.GET('/api/v1/auth/me')))
}

/** @returns null when signed in; the ticket for the second step where the account asks for a code too. */
export async function signIn(loginId: string, password: string): Promise<string | null> {
  const signed = await answer(api.POST('/api/v1/auth/login', { body: { loginId, password } }))
  if ('needs' in signed) return signed.ticket
  keepToken(signed.accessToken)
  signedIn(signed.member)
  return null
}

/** @param ticket what signing in answered. */
export async function finishSignIn(ticket: string, code: string): Promise<void> {
  const signed = await answer(api.POST('/api/v1/auth/second-step', { body: { ticket, code } }))
  keepToken(signed.accessToken)
  signedIn(signed.member)
}

export async function signOut(): Promise<void> {
  await answer(api.POST('/api/v1/auth/logout')).catch(() => undefined)
  signedOut()
  queryClient.clear()
}
