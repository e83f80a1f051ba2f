/** What happens when the page opens and when people sign in or out. */
import { currentToken, keepToken, refreshToken } from './access-token.ts'
import { request } from './client.ts'
import { queryClient } from './query-client.ts'
import { signedIn, signedOut } from './session.ts'
import type { Member, SignedIn } from './types.ts'

/** The cookie of an earlier visit may still sign the person in. Throws while the studio does not answer. */
export async function startSession(): Promise<void> {
  if (!currentToken() && !(await refreshToken())) return signedOut()
  signedIn(await request<Member>('GET', '/auth/me'))
}

export async function signIn(loginId: string, password: string): Promise<void> {
  const answer = await request<SignedIn>('POST', '/auth/login', { body: { loginId, password } })
  keepToken(answer.accessToken)
  signedIn(answer.member)
}

export async function signOut(): Promise<void> {
  await request('POST', '/auth/logout').catch(() => undefined)
  signedOut()
  queryClient.clear()
}
