/** Fetches the server's program from a server on this machine that speaks as the release server does. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findTemporal } from './find-temporal.mjs'
import { archiveUrl } from './obtain-temporal.mjs'

let folder: string
let server: http.Server
let requests: string[]
let answer: { status: number; body: Buffer }

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'defect-studio-find-'))
  requests = []
  server = http.createServer((request, response) => {
    requests.push(request.url ?? '')
    response.writeHead(answer.status).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(() => {
  server.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

/** An archive whose `temporal` prints the given version. */
function archive(version: string): Buffer {
  const program = path.join(folder, 'temporal')
  fs.writeFileSync(program, `#!/bin/sh\necho "temporal version ${version}"\n`, { mode: 0o755 })
  execFileSync('tar', ['-czf', path.join(folder, 'archive.tar.gz'), '-C', folder, 'temporal'])
  fs.rmSync(program)
  return fs.readFileSync(path.join(folder, 'archive.tar.gz'))
}

/** An environment with `tar` and `sh` but neither `temporal` nor `go`. */
function environment(): NodeJS.ProcessEnv {
  const { port } = server.address() as AddressInfo
  return { PATH: path.join(folder, 'bin'), TEMPORAL_DOWNLOAD_URL: `http://127.0.0.1:${port}/cli/archive` }
}

const find = (env: NodeJS.ProcessEnv): ReturnType<typeof findTemporal> =>
  findTemporal({ env, cache: path.join(folder, 'cache') })

test('the release archive is fetched once, also when two processes ask at once', async () => {
  answer = { status: 200, body: archive('1.5.1 (Server 1.29.1, UI 2.42.1)') }
  const found = await Promise.all([find(environment()), find(environment())])
  const program = path.join(folder, 'cache', 'temporal', 'v1.5.1', 'temporal')
  expect(found.map(({ command }) => command)).toEqual([program, program])
  expect(execFileSync(program, { encoding: 'utf8' })).toContain('1.5.1')
  expect(requests).toHaveLength(1)
  expect(await find(environment())).toEqual({ command: program, source: 'cache' })
})

test('a program of another version is refused, and nothing stays in the cache', async () => {
  answer = { status: 200, body: archive('1.4.0 (Server 1.28.0)') }
  await expect(find(environment())).rejects.toThrow(/1\.4\.0.*Server 1\.29\. was expected/s)
  expect(fs.readdirSync(path.join(folder, 'cache', 'temporal'))).toEqual([])
})

test('when nothing works the message says every way out', async () => {
  answer = { status: 404, body: Buffer.from('') }
  const failure = find(environment())
  await expect(failure).rejects.toThrow(/status 404/)
  await expect(failure).rejects.toThrow(/TEMPORAL_BIN.*TEMPORAL_ADDRESS.*install Go/s)
})

test('an address given comes before a program, a program before the path', async () => {
  const program = path.join(folder, 'mine')
  fs.writeFileSync(program, '')
  expect(await find({ TEMPORAL_ADDRESS: 'host:7233', TEMPORAL_BIN: program })).toEqual({
    address: 'host:7233',
    source: 'TEMPORAL_ADDRESS',
  })
  expect(await find({ TEMPORAL_BIN: program })).toEqual({ command: program, source: 'TEMPORAL_BIN' })
  await expect(find({ TEMPORAL_BIN: '/nowhere/temporal' })).rejects.toThrow('/nowhere/temporal')

  const onPath = path.join(folder, 'bin', 'temporal')
  fs.mkdirSync(path.dirname(onPath))
  fs.writeFileSync(onPath, '', { mode: 0o755 })
  expect(await find(environment())).toEqual({ command: onPath, source: 'PATH' })
})

test('the archive is asked for in the release server’s words', () => {
  expect(archiveUrl({ platform: 'win32', arch: 'x64' })).toBe(
    'https://temporal.download/cli/archive/v1.5.1?platform=windows&arch=amd64',
  )
  expect(archiveUrl({ platform: 'darwin', arch: 'arm64' })).toContain('platform=darwin&arch=arm64')
})
