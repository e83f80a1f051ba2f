/** Hashes passwords with Argon2id, and takes as long for a login id that does not exist. */
import { hash, verify } from '@node-rs/argon2'

// OWASP's first choice for Argon2id: 19 MiB, 2 passes, 1 lane; about 40 ms on one core.
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** How a hash of ours begins; one that begins otherwise was made with other parameters. */
const form = `$argon2id$v=19$m=${options.memoryCost},t=${options.timeCost},p=${options.parallelism}$`

export const hashPassword = (password: string): Promise<string> => hash(password, options)

/** Somebody who does not exist still costs one verification, so that the time tells nothing. */
const nobody = hash('nobody signs in with this', options)

export async function passwordMatches(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await nobody), password)
  return passwordHash !== null && matches
}

/** Whether a right password should be hashed anew: parameters have been raised since. */
export const isOutdated = (passwordHash: string): boolean => !passwordHash.startsWith(form)
