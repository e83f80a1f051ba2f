/** Says what an answer of the hub means for the person who asked: the hub tells it in a header and a status. */
import { InstallError } from '@defect-studio/nodes'

/** @param what a repository, or a file of one */
export function explainAnswer(answer: Response, endpoint: string, hubId: string, what: string): InstallError {
  const page = `${endpoint}/${hubId}`
  const said = answer.headers.get('x-error-code') ?? ''
  if (said === 'GatedRepo' || answer.status === 403)
    return new InstallError(
      'hub-refused',
      `${hubId} is given only to people who have agreed to its terms. Open ${page}, agree, make an access token there, and set HF_TOKEN to it.`,
    )
  if (said === 'RevisionNotFound')
    return new InstallError('not-on-hub', `${hubId} has no such revision. See ${page}.`)
  if (answer.status === 404 && said === 'EntryNotFound')
    return new InstallError('not-on-hub', `${hubId} has no ${what}. See ${page}.`)
  // Who shows no token is told 401 of what does not exist, too: the hub does not say which.
  if (answer.status === 404 || answer.status === 401)
    return new InstallError(
      'not-on-hub',
      `There is no model ${hubId} at ${endpoint}, or it is private. Check the name; for a private one set HF_TOKEN.`,
    )
  return new InstallError(
    'hub-unreachable',
    `${endpoint} answered ${answer.status} for ${what}. Try again later.`,
  )
}

export function unreachable(endpoint: string, error: unknown): InstallError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const why = cause instanceof Error ? cause.message : String(cause)
  return new InstallError(
    'hub-unreachable',
    `${endpoint} cannot be reached (${why}). Check the connection, or set HF_ENDPOINT to a mirror; what has come is kept, and the next try goes on from there.`,
    { cause: error },
  )
}
