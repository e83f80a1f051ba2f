/** Why a backup cannot be made or taken in, in words for the person at the terminal. */
export class BackupRefusal extends Error {
  override name = 'BackupRefusal'
}
