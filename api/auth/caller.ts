/** Who is calling: a member (signed in, or by API key), or a GPU host by its worker token. */
import type { KeyLimits } from './key-scopes.ts'
import type { Role } from './permissions.ts'

export interface Caller {
  memberId: string
  loginId: string
  email: string
  name: string
  nickname: string
  role: Role
  departmentId: string
  departmentName: string
  /** The sign-in behind the access token; null when an API key was shown. */
  sessionId: string | null
  /** The API key that was shown; null when signed in. */
  key: KeyLimits | null
  /** The graphs that the key is bound to; absent: all that the member may read. */
  graphIds?: readonly string[] | undefined
}

export interface WorkerCaller {
  workerTokenId: string
  name: string
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how passport's types are told what a user is
  namespace Express {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the same
    interface User extends Caller {}
  }
}
