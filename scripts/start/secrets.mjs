/** Secrets of this installation: made once, kept in the data folder, readable by its owner alone. */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/**
 * @returns {{ signingSecretFile: string, workerToken: string, postgresPassword: string }}
 * the worker token lets the inference worker on this machine talk to the API.
 */
export function readSecrets(dataDir) {
  const folder = path.join(dataDir, 'secrets')
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  fs.chmodSync(folder, 0o700)
  const signingSecretFile = path.join(folder, 'signing')
  secret(signingSecretFile)
  return {
    signingSecretFile,
    workerToken: secret(path.join(folder, 'worker-token')),
    postgresPassword: secret(path.join(folder, 'postgres-password')),
  }
}

function secret(file) {
  if (!fs.existsSync(file)) {
    const half = `${file}.${process.pid}`
    fs.writeFileSync(half, randomBytes(32).toString('base64url'), { mode: 0o600 })
    fs.renameSync(half, file)
  }
  fs.chmodSync(file, 0o600)
  return fs.readFileSync(file, 'utf8').trim()
}

/** Code that the first visitor types when others than this machine can reach the page: `4F7K-9QXM`. */
export function setupCode() {
  const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
  const code = [...randomBytes(8)].map((byte) => letters[byte % letters.length]).join('')
  return `${code.slice(0, 4)}-${code.slice(4)}`
}
