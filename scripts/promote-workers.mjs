/** Names the build of workflow workers on which new runs begin: `node scripts/promote-workers.mjs BUILD`, or lists them. */
import { parseArgs } from 'node:util'
import { Connection } from '@temporalio/client'
import { ROOT } from './prepare.mjs'
import { readEnvironment } from './start/options.mjs'

const USAGE = `node scripts/promote-workers.mjs [BUILD]

Without BUILD: the builds that workers have shown, and which of them new runs begin on.
With BUILD (the WORKER_BUILD_ID of a worker that runs): new runs begin on it from now on. Runs that have begun stay on
their build; stop its worker when none of them is left (draining has become drained).

--unversioned     new runs begin on workers without a build id
--deployment NAME default WORKER_DEPLOYMENT, else defect-studio`

/** A worker that was just started is known to the server a moment later. */
const patienceMs = 30_000

/** By the server's numbers. */
const DRAINAGE = ['', 'in use', 'draining', 'drained']

try {
  await main()
} catch (error) {
  console.error(error.details ?? error.message)
  process.exitCode = 1
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      unversioned: { type: 'boolean' },
      deployment: { type: 'string' },
    },
  })
  if (values.help) return console.log(USAGE)
  const env = readEnvironment(ROOT)
  const connection = await Connection.connect({
    address: env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233',
    tls: ['true', '1', 'yes', 'on'].includes(env.TEMPORAL_TLS ?? ''),
    ...(env.TEMPORAL_API_KEY ? { apiKey: env.TEMPORAL_API_KEY } : {}),
  })
  const about = {
    service: connection.workflowService,
    namespace: env.TEMPORAL_NAMESPACE ?? 'default',
    deploymentName: values.deployment ?? env.WORKER_DEPLOYMENT ?? 'defect-studio',
  }
  try {
    const [build] = positionals
    if (build || values.unversioned) await promote(about, values.unversioned ? '' : build)
    await list(about)
  } finally {
    await connection.close()
  }
}

async function promote({ service, namespace, deploymentName }, buildId) {
  const giveUpAt = Date.now() + patienceMs
  for (;;) {
    try {
      return await service.setWorkerDeploymentCurrentVersion({
        namespace,
        deploymentName,
        buildId,
        version: buildId ? `${deploymentName}.${buildId}` : '__unversioned__',
        identity: 'promote-workers',
        // Activity queues have workers of their own, which carry no version.
        ignoreMissingTaskQueues: true,
      })
    } catch (error) {
      const isUnknown = /not found|no such|has not/i.test(error.details ?? error.message)
      if (!isUnknown || Date.now() > giveUpAt) throw explained(error, buildId)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}

function explained(error, buildId) {
  const reason = error.details ?? error.message
  return new Error(
    `New runs could not be sent to "${buildId}": ${reason}. Start a worker with WORKER_BUILD_ID=${buildId} first.`,
    { cause: error },
  )
}

async function list({ service, namespace, deploymentName }) {
  const { workerDeploymentInfo: info } = await service.describeWorkerDeployment({ namespace, deploymentName })
  const current = info?.routingConfig?.currentDeploymentVersion?.buildId
  for (const { deploymentVersion, drainageStatus } of info?.versionSummaries ?? []) {
    const build = deploymentVersion?.buildId ?? ''
    const state = build === current ? 'new runs begin here' : DRAINAGE[drainageStatus ?? 0] || 'not in use'
    console.log(`${build}  ${state}`)
  }
  if (!current) console.log('New runs begin on workers without a build id.')
}
