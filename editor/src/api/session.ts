/** Who sits before the page: not known yet, nobody, or a member. */
import { create } from 'zustand'
import { keepToken } from './access-token.ts'
import type { Member } from './types.ts'

type Session = { state: 'loading' | 'signed-out' } | { state: 'signed-in'; member: Member }

export const useSession = create<Session>(() => ({ state: 'loading' }))

export const signedIn = (member: Member): void => useSession.setState({ state: 'signed-in', member }, true)

export function signedOut(): void {
  keepToken(null)
  useSession.setState({ state: 'signed-out' }, true)
}

/** The member; only pages behind the sign-in ask. */
export function useMember(): Member {
  const session = useSession()
  if (session.state !== 'signed-in') throw new Error('A page behind the sign-in was shown without one.')
  return session.member
}
