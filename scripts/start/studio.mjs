/** Brings the whole studio up, each process as soon as those that it needs are there. */
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { cacheFolder } from '../cache-folder.mjs'
import { backUpBeforeUpgrade } from './backup-before-upgrade.mjs'
import { claimPort } from '../claim-port.mjs'
import { execFileText } from '../exec-file.mjs'
import { POSTGRES_DATABASE, postgresUrl } from '../embedded-postgres.mjs'
import { findTemporal } from '../find-temporal.mjs'
import { modelTools } from '../model-tools.mjs'
import { makeCluster, nodeComponent, postgresComponent, temporalComponent } from './components.mjs'
import { openLog } from './log-file.mjs'
import { isLoopback, localUrl, needsSetupCode } from './options.mjs'
import { readJson, writeJson } from './run-folder.mjs'
import { readSecrets, setupCode } from './secrets.mjs'
import { writeVersion } from './version-file.mjs'
import { accepts, health, waitUntil } from './wait-ready.mjs'

const STARTED_WITHIN_MS = 60_000
const HEALTHY_WITHIN_MS = 180_000

/**
 * Starts every component that the environment does not place elsewhere, and resolves once a run could start.
 * @returns {Promise<{ url: string, setupCode: string | undefined, components: object[] }>}
 */
export async function startStudio({ root, env, options, claim, supervisor, report }) {
  const { dataDir, host } = options
  const secrets = readSecrets(dataDir)
  const ports = portChoice({ options, portsFile: claim.portsFile, report })
  const asksForCode = needsSetupCode({ host, publicUrl: env.PUBLIC_URL })
  const code = asksForCode ? (env.SETUP_CODE ?? setupCode()) : env.SETUP_CODE
  const components = []

  const start = async (component) => {
    components.push(component)
    const log = openLog(path.join(dataDir, 'logs', `${component.name}.log`))
    await supervisor.start({ ...component, log })
  }

  const shared = {
    ...env,
    DATA_DIR: dataDir,
    TEMPORAL_NAMESPACE: env.TEMPORAL_NAMESPACE ?? 'default',
    NODE_ENV: env.NODE_ENV ?? 'production',
  }

  const database = async () => {
    shared.DATABASE_URL ??= await startDatabase()
    report('Database: bringing it up to date')
    const { DATABASE_URL: databaseUrl } = shared
    await backUpBeforeUpgrade({ root, env, dataDir, databaseUrl, report })
    const migrate = path.join(root, 'dist', 'migrate.js')
    await execFileText(process.execPath, [migrate], { cwd: root, env: shared })
    writeVersion({ root, env, dataDir })
  }
  const startDatabase = async () => {
    report('PostgreSQL: starting')
    const { postgresPassword: password } = secrets
    await makeCluster({ dataDir, password })
    const port = await ports.choose('postgres')
    await start(await postgresComponent({ dataDir, port, password }))
    await ready('postgres', () => supervisor.stateOf('postgres')?.state === 'running')
    return postgresUrl({ port, password, database: POSTGRES_DATABASE })
  }

  const workflows = async () => {
    const { address, command } = await findTemporal({ env, report })
    if (address) {
      shared.TEMPORAL_ADDRESS = address
      return
    }
    report('Temporal: starting')
    const port = await ports.choose('temporal')
    const uiPort = await ports.choose('temporalUi')
    shared.TEMPORAL_ADDRESS = `127.0.0.1:${port}`
    const namespace = shared.TEMPORAL_NAMESPACE
    await start(temporalComponent({ dataDir, command, port, uiPort, namespace }))
    await ready('temporal', () => staysUp(supervisor, 'temporal', port))
  }

  const ready = (name, check) =>
    waitUntil(check, {
      timeoutMs: STARTED_WITHIN_MS,
      message: () =>
        `${name} is not up after ${STARTED_WITHIN_MS / 1000} s.\n${supervisor.log(name)?.tail() ?? ''}`,
    })

  await Promise.all([database(), workflows()])

  const http = await ports.chooseHttp()
  const url = localUrl(host, http)
  const publicUrl = env.PUBLIC_URL ?? (isLoopback(host) ? url : undefined)
  const ours = (component) => start(nodeComponent({ root, ...component }))
  const api = {
    ...shared,
    HOST: host,
    PORT: String(http),
    COMPONENTS_FILE: claim.componentsFile,
    SIGNING_SECRET_FILE: env.SIGNING_SECRET_FILE ?? secrets.signingSecretFile,
    LOCAL_WORKER_TOKEN: secrets.workerToken,
    EDITOR_DIR: path.join(root, 'dist', 'editor'),
    ...modelTools(env),
    ...(publicUrl ? { PUBLIC_URL: publicUrl } : {}),
    ...(code ? { SETUP_CODE: code } : {}),
  }
  report('Studio: starting the API and the workers')
  await ours({ name: 'api', title: 'API and page', place: url, bundle: 'api.js', env: api })
  for (const [name, queue] of [
    ['worker', 'graph'],
    ['io-worker', 'io'],
  ]) {
    const title = queue === 'graph' ? 'Workflow worker' : 'Activity worker'
    const worker = { ...shared, API_URL: url, WORKER_QUEUES: queue }
    await ours({ name, title, place: `queue ${queue}`, bundle: 'worker.js', env: worker })
  }
  await waitUntil(async () => (await health(url)).status > 0, {
    timeoutMs: STARTED_WITHIN_MS,
    message: () => `The API does not answer at ${url}.\n${supervisor.log('api')?.tail() ?? ''}`,
  })
  const elsewhere = env.INFERENCE_WORKER === 'elsewhere'
  if (!elsewhere)
    await ours({
      name: 'gpu-worker',
      title: 'Inference worker',
      place: `queue gpu, ${env.INFERENCE_PROVIDER ?? 'cpu'}`,
      bundle: 'gpu-worker.js',
      env: gpuWorkerEnvironment({ shared, url, token: env.WORKER_TOKEN ?? secrets.workerToken }),
    })
  // A GPU host of its own joins when it likes; nobody here can start it.
  await waitHealthy(url, supervisor, elsewhere ? ['gpu worker'] : [])
  return { url, setupCode: code, components }
}

/** Whether our process listens there: one that could not have the port is gone a moment later. */
async function staysUp(supervisor, name, port) {
  const { state, pid } = supervisor.stateOf(name) ?? {}
  if (state !== 'running' || !(await accepts(port))) return false
  await wait(500)
  return supervisor.stateOf(name)?.pid === pid
}

/** The inference worker reaches Temporal and the API; it is never told where databases, mail and sources are. */
function gpuWorkerEnvironment({ shared, url, token }) {
  const rest = { ...shared }
  const secret = [
    'DATABASE_URL',
    'DOCUMENTS_URL',
    'SMTP_URL',
    'OWNER_PASSWORD',
    'SOURCE_ROOTS',
    'SOURCE_BUCKETS',
  ]
  for (const name of secret) delete rest[name]
  return { ...rest, API_URL: url, WORKER_TOKEN: token }
}

/** What /api/v1/health calls a component, and the process whose log says more about it. */
const LOG_OF = {
  database: 'postgres',
  temporal: 'temporal',
  artifacts: 'api',
  'graph worker': 'worker',
  'io worker': 'io-worker',
  'gpu worker': 'gpu-worker',
}

/** @param {string[]} excused parts that may be down, as /api/v1/health calls them. */
async function waitHealthy(url, supervisor, excused) {
  let last
  const port = Number(new URL(url).port)
  // Another studio would answer at this address if it had taken the port first.
  const isHealthy = async () => {
    last = await health(url)
    const down = (last.body?.components ?? []).filter(({ state }) => state !== 'up')
    const isUp = last.status === 200 || (down.length > 0 && down.every(({ name }) => excused.includes(name)))
    return isUp && (await staysUp(supervisor, 'api', port))
  }
  await waitUntil(isHealthy, {
    timeoutMs: HEALTHY_WITHIN_MS,
    pollMs: 250,
    message: () => {
      const down = (last.body?.components ?? []).filter(({ state }) => state !== 'up')
      const names = down.length > 0 ? down.map(({ name }) => LOG_OF[name] ?? 'api') : ['api']
      return [
        `The studio is not ready after ${HEALTHY_WITHIN_MS / 1000} s (GET /api/v1/health: ${last.status || 'no answer'}).`,
        ...down.map(({ name, detail }) => `  ${name}: ${detail}`),
        ...names.map(
          (name) => `--- the end of ${name}.log\n${supervisor.log(name)?.tail() ?? 'it runs elsewhere'}`,
        ),
      ].join('\n')
    },
  })
}

const USUAL_PORTS = { postgres: 54320, temporal: 7233, temporalUi: 8233 }

/**
 * The ports of last time if they are free, so that addresses stay; else the usual ones; else any. A choice is a promise:
 * another studio that starts in the same moment passes it over.
 */
function portChoice({ options, portsFile, report }) {
  const folder = path.join(cacheFolder(), 'ports')
  const last = readJson(portsFile) ?? {}
  const chosen = {}
  return {
    async chooseHttp() {
      const port = await claimPort([options.port], { folder, host: options.host })
      if (port !== options.port) report(`Port ${options.port} is taken; the page will be on ${port}`)
      return port
    },
    async choose(key) {
      const preferred = [last[key], USUAL_PORTS[key]].filter((port) => port && port !== options.port)
      const port = await claimPort(preferred, { folder })
      chosen[key] = port
      writeJson(portsFile, chosen)
      return port
    },
  }
}
