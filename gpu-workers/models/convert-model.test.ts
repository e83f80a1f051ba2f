/** The tools that convert are told what to do, heard while they work, believed when they refuse, and stopped. */
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { convertModel } from './convert-model.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convert-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** Stands in for the interpreter: what it is called with and what it answers is the whole of the agreement. */
async function python(script: string): Promise<string> {
  const file = join(dir, `python-${Math.random()}`)
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
  return file
}

const order = {
  source: '/from',
  out: '/to',
  half: true,
  signal: new AbortController().signal,
  onStep: () => {},
}

test('says each step, and ends well only after the tools said that they are done', async () => {
  const steps: unknown[] = []
  const onStep = (...step: unknown[]) => steps.push(step)
  const works = `[ "$*" = "-m convert --source /from --out /to --half" ] || exit 3
[ -d convert ] || exit 4
echo noise
echo '{"step": 1, "of": 2, "what": "convert unet"}'
echo '{"done": true, "seconds": 1}'`
  await convertModel({ ...order, onStep, python: await python(works) })
  expect(steps).toEqual([[1, 2, 'convert unet']])
  await expect(convertModel({ ...order, python: await python('exit 0') })).rejects.toMatchObject({
    code: 'conversion-failed',
  })
})

test('passes on the reason that the tools give, or their last words', async () => {
  const refuses = `echo '{"error": "The UNet has a class that is not known"}'; exit 1`
  await expect(convertModel({ ...order, python: await python(refuses) })).rejects.toThrow(
    'The model could not be converted: The UNet has a class that is not known.',
  )
  await expect(convertModel({ ...order, python: await python('echo Killed >&2; exit 9') })).rejects.toThrow(
    'The model could not be converted: Killed.',
  )
})

test('stops the tools when it is stopped', async () => {
  const stop = new AbortController()
  const flag = join(dir, 'flags')
  await mkdir(flag)
  const waits = `trap 'touch ${flag}/stopped; exit 1' TERM
echo '{"step": 1, "of": 2, "what": "convert unet"}'
while :; do sleep 0.05; done`
  const onStep = () => stop.abort(new Error('stopped'))
  const running = convertModel({ ...order, onStep, signal: stop.signal, python: await python(waits) })
  await expect(running).rejects.toThrow('stopped')
  expect(await readdir(flag)).toEqual(['stopped'])
})

test('says what to install when there is no Python', async () => {
  await expect(convertModel({ ...order, python: join(dir, 'none') })).rejects.toMatchObject({
    code: 'python-missing',
  })
})
