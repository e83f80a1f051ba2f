/** The processes of the studio on one machine: command, arguments, environment and how each says that it is up. */
import fs from 'node:fs'
import path from 'node:path'
import { clusterFolder, preparePostgres } from '../embedded-postgres.mjs'
import { STEADY_MEMORY } from '../steady-memory.mjs'
import { temporalArguments } from '../temporal-flags.mjs'
import { dropStalePidFile } from './stale-postgres.mjs'

/** Megabytes of JavaScript heap that each may use before it collects hard; pictures and tensors live outside of it. */
const HEAP_MB = { api: 384, worker: 384, 'io-worker': 256, 'gpu-worker': 512 }

/** Makes the cluster in DATA_DIR/postgres if there is none yet, which takes seconds. */
export async function makeCluster({ dataDir, password }) {
  await preparePostgres({ folder: clusterFolder(path.join(dataDir, 'postgres')), password, port: 0 })
}

/** Embedded PostgreSQL in DATA_DIR/postgres. */
export async function postgresComponent({ dataDir, port, password }) {
  const folder = clusterFolder(path.join(dataDir, 'postgres'))
  return {
    ...(await preparePostgres({ folder, password, port })),
    name: 'postgres',
    title: 'PostgreSQL',
    place: `127.0.0.1:${port}`,
    readyLine: /ready to accept connections/,
    stopSignal: 'SIGINT',
    beforeStart: () => dropStalePidFile(folder),
  }
}

/** Temporal server with its state in DATA_DIR/temporal, its own page included. */
export function temporalComponent({ dataDir, command, port, uiPort, namespace }) {
  const folder = path.join(dataDir, 'temporal')
  fs.mkdirSync(folder, { recursive: true })
  const databaseFile = path.join(folder, 'temporal.db')
  return {
    name: 'temporal',
    title: 'Temporal',
    place: `127.0.0.1:${port}, its page http://127.0.0.1:${uiPort}`,
    command,
    args: temporalArguments({ port, uiPort, databaseFile, namespace }),
    options: { cwd: folder, env: { ...process.env, GOMEMLIMIT: '384MiB' } },
    // State is safe at any moment; it only lingers for clients that are gone already.
    stopTimeoutMs: 5_000,
  }
}

/** One of our own processes, from its bundle. */
export function nodeComponent({ root, name, title, place, bundle, env, readyLine }) {
  return {
    name,
    title,
    place,
    command: process.execPath,
    args: ['--enable-source-maps', `--max-old-space-size=${HEAP_MB[name]}`, path.join(root, 'dist', bundle)],
    options: { cwd: root, env: name === 'gpu-worker' ? { ...STEADY_MEMORY, ...env } : env },
    ...(readyLine ? { readyLine } : {}),
    stopTimeoutMs: 15_000,
  }
}
