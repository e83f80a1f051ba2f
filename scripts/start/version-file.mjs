/** What the data folder says of the studio that last used it, so that an older one does not open it. */
import fs from 'node:fs'
import path from 'node:path'
import { readJson, writeJson } from './run-folder.mjs'

/** Version of this checkout. */
export const productVersion = (root) =>
  JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).version

const fileOf = (dataDir) => path.join(dataDir, 'version.json')

const migrationsOf = (root, env) =>
  fs
    .readdirSync(env.MIGRATIONS_DIR ?? path.join(root, 'prisma', 'migrations'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()

/** Throws, before anything starts, when a newer studio has used the folder. */
export function refuseNewerFolder({ root, env, dataDir }) {
  const last = readJson(fileOf(dataDir))
  if (!last) return
  const here = productVersion(root)
  const known = migrationsOf(root, env)
  const unknown = (last.migrations ?? []).find((name) => !known.includes(name))
  if (!isNewer(last.version, here) && unknown === undefined) return
  throw new Error(
    `The data folder ${dataDir} was last used by studio ${last.version}, which is newer than this one (${here})` +
      `${unknown === undefined ? '' : `: its database has the migration ${unknown}`}. ` +
      `Update this studio, choose another folder with --data, or restore a backup that was made before the update (${path.join(dataDir, 'backups')}).`,
  )
}

/** Whether the database may have to be brought up to date: then it is backed up first. */
export function mayNeedUpgrade({ root, env, dataDir }) {
  const last = readJson(fileOf(dataDir))
  return JSON.stringify(last?.migrations) !== JSON.stringify(migrationsOf(root, env))
}

/** Once the database is up to date. */
export function writeVersion({ root, env, dataDir }) {
  writeJson(fileOf(dataDir), { version: productVersion(root), migrations: migrationsOf(root, env) })
}

/** Which of two versions `major.minor.patch` comes later; what stands after a hyphen does not count. */
export function isNewer(version, than) {
  const [a, b] = [version, than].map((text) => String(text).split('-')[0].split('.').map(Number))
  for (let place = 0; place < 3; place++) {
    const difference = (a[place] || 0) - (b[place] || 0)
    if (difference !== 0) return difference > 0
  }
  return false
}
