/** Reads the secret that everything is signed with; makes it once, readable by its owner alone. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** 32 random bytes are 43 characters of base64url. */
const shortest = 32

export async function readSigningSecret(file: string): Promise<Buffer> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  try {
    await writeFile(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const secret = Buffer.from((await readFile(file, 'utf8')).trim())
  if (secret.length < shortest)
    throw new Error(
      `${file} holds fewer than ${shortest} characters: it is damaged or was made by hand. Delete it; everybody has to sign in again.`,
    )
  return secret
}
