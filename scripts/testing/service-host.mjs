/**
 * Starts PostgreSQL and the Temporal server for one test run, each when a test first asks, and stops them when its
 * standard input closes: also when the test runner was killed, so that no server is left behind.
 */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { postgresUrl, startPostgres } from '../embedded-postgres.mjs'
import { findTemporal } from '../find-temporal.mjs'
import { obtainVersitygw } from '../find-versitygw.mjs'
import { freePort } from '../free-port.mjs'
import { temporalArguments } from '../temporal-flags.mjs'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'defect-studio-test-'))
fs.chmodSync(folder, 0o755)
const children = []
const started = new Map()

const services = {
  async postgres() {
    const port = await freePort()
    const password = 'test'
    const child = await startPostgres({
      folder: path.join(folder, 'postgres'),
      password,
      port,
      durable: false,
    })
    // Killed outright it would leave a shared memory segment behind.
    children.push({ child, signal: 'SIGINT' })
    return postgresUrl({ port, password, database: 'postgres' })
  },
  async temporal() {
    const { address, command } = await findTemporal({ report: (line) => process.stderr.write(`${line}\n`) })
    if (address) return address
    const port = await freePort()
    const child = spawn(command, temporalArguments({ port }), { stdio: ['ignore', 'ignore', 'pipe'] })
    let log = ''
    child.stderr.on('data', (chunk) => (log = (log + chunk).slice(-4000)))
    // Nothing of its state is kept, so nobody waits five seconds for an orderly end.
    children.push({ child, signal: 'SIGKILL' })
    await listening(port, child, () => log)
    return `127.0.0.1:${port}`
  },
  /** An S3 server over a folder; its keys are in its address. */
  async s3() {
    const command = await obtainVersitygw({ report: (line) => process.stderr.write(`${line}\n`) })
    const port = await freePort()
    const data = path.join(folder, 's3')
    const meta = path.join(folder, 'bucket-facts')
    for (const each of [data, meta]) fs.mkdirSync(each)
    const keys = ['--access', 'test', '--secret', 'test-secret']
    const args = ['--port', `127.0.0.1:${port}`, ...keys, 'posix', '--sidecar', meta, data]
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let log = ''
    child.stderr.on('data', (chunk) => (log = (log + chunk).slice(-4000)))
    children.push({ child, signal: 'SIGKILL' })
    await listening(port, child, () => log, 'The S3 server')
    return `http://test:test-secret@127.0.0.1:${port}`
  },
}

async function listening(port, child, log, what = 'The Temporal server') {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${what} did not start:\n${log()}`)
    const up = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(socket.destroy() && true))
      socket.once('error', () => resolve(false))
    })
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const server = http.createServer(async (request, response) => {
  const name = request.url?.slice(1) ?? ''
  if (!Object.hasOwn(services, name)) return response.writeHead(404).end()
  if (!started.has(name)) started.set(name, services[name]())
  try {
    response.end(await started.get(name))
  } catch (error) {
    response.writeHead(500).end(error.message)
  }
})

async function stop() {
  server.close()
  await Promise.allSettled(started.values())
  await Promise.all(
    children.map(({ child, signal }) => {
      if (child.exitCode !== null || child.signalCode !== null) return undefined
      child.kill(signal)
      return new Promise((resolve) => child.once('exit', resolve))
    }),
  )
  fs.rmSync(folder, { recursive: true, force: true })
  process.exit(0)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
process.stdin.on('end', stop)
process.stdin.on('error', stop)
process.stdin.resume()
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
