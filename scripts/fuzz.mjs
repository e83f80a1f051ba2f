/** `npm run fuzz -- --minutes N`: plays a running studio against its own description, and says what it breaks. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { fillStudio } from './fuzz/fill-studio.mjs'
import { obtainSchemathesis } from './fuzz/obtain-schemathesis.mjs'
import { fuzzConfig } from './fuzz/write-config.mjs'
import { freePort } from './free-port.mjs'
import { ROOT } from './prepare.mjs'

const owner = { loginId: 'owner', password: 'correct horse battery' }

/**
 * What cuts the branch that it sits on, or reaches out of this machine: signing out, ending every session, fetching a
 * model from its hub, and streams, which have no end.
 */
const left = ['^/api/v1/auth/logout$', '^/api/v1/sessions(/\\{id\\})?$', '^/api/v1/models/pull$', '/events$']

/** What is looked at in every answer. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
]

/** A sign-in lasts for an hour; a longer game is played in rounds. */
const longestRoundMinutes = 30

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } })
const minutes = Number(values.minutes ?? 2)
if (!(minutes > 0)) {
  console.error('Usage: npm run fuzz -- [--minutes N] [--seed N]')
  process.exit(2)
}

const program = await obtainSchemathesis()
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-fuzz-'))
const studio = await startStudio()
try {
  let isGood = true
  for (let rest = minutes; rest > 0; rest -= longestRoundMinutes)
    isGood = (await playRound(Math.min(rest, longestRoundMinutes))) && isGood
  process.exitCode = isGood ? 0 : 1
} finally {
  await studio.stop()
  fs.rmSync(dataDir, { recursive: true, force: true })
}

async function playRound(length) {
  const { accessToken } = await post('/auth/login', owner)
  const signedIn = (at, body) => post(at, body, accessToken)
  const configFile = path.join(dataDir, 'schemathesis.toml')
  fs.writeFileSync(configFile, fuzzConfig(await fillStudio(signedIn)))
  const worker = await signedIn('/worker-tokens', { name: 'host' })
  const members = await play(configFile, accessToken, length * 0.9, ['--exclude-tag', 'worker'])
  const workers = await play(configFile, worker.token, length * 0.1, ['--include-tag', 'worker'])
  return members && workers
}

async function play(configFile, token, length, filters) {
  const args = [
    ...['--config-file', configFile, 'run', `${studio.url}/api/v1/openapi.json`],
    ...['-H', `Authorization: Bearer ${token}`, '--max-time', String(Math.ceil(length * 60))],
    ...['--phases', 'coverage,fuzzing,stateful', '--checks', checks.join(','), '-n', '30'],
    ...[
      '--continue-on-failure',
      '--request-timeout',
      '20',
      '--warnings',
      'off',
      '--generation-database',
      'none',
    ],
    ...left.flatMap((pattern) => ['--exclude-path-regex', pattern]),
    ...filters,
    ...(values.seed ? ['--seed', values.seed] : []),
  ]
  const child = spawn(program, args, { cwd: dataDir, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return code === 0
}

async function post(at, body, token) {
  const isForm = body instanceof FormData
  const answer = await fetch(`${studio.url}/api/v1${at}`, {
    method: 'POST',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(isForm ? {} : { 'content-type': 'application/json' }),
    },
    body: isForm ? body : JSON.stringify(body ?? {}),
  })
  if (!answer.ok) throw new Error(`POST ${at} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

/** As `npm start` does, in a folder of its own. */
async function startStudio() {
  const port = String(await freePort())
  const child = spawn(
    process.execPath,
    ['scripts/start.mjs', '--data', path.join(dataDir, 'data'), '--port', port],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        OWNER_LOGIN_ID: owner.loginId,
        OWNER_PASSWORD: owner.password,
        OWNER_EMAIL: 'owner@example.com',
        DATABASE_URL: '',
        TEMPORAL_ADDRESS: '',
      },
    },
  )
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk))
  const url = `http://127.0.0.1:${port}`
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${printed}`)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  return {
    url,
    async stop() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGINT')
      await ended
    },
  }
}

async function isReady(url) {
  const answer = await fetch(`${url}/api/v1/health`).catch(() => null)
  return answer?.ok ?? false
}
