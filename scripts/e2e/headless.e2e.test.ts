/** The studio without a browser: examples by the command line, and every process killed once during a run. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readPicture } from '@defect-studio/nodes'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { studioCommand } from './command-line.ts'
import { owner, root, startStudio, type Studio } from './studio.ts'

const photos = join(root, 'examples/photos')
const parts = join(root, 'examples/photos-parts')
let studio: Studio

const RunResult = z.object({
  id: z.string(),
  status: z.string(),
  quote: z.number(),
  cost: z.number(),
  nodeRuns: z.array(
    z.object({ nodeId: z.string(), state: z.string(), itemsDone: z.number(), itemsTotal: z.number() }),
  ),
  outputs: z.array(z.object({ name: z.string(), items: z.array(z.object({ name: z.string() })) })),
})

async function balance(): Promise<{ available: number; pending: number }> {
  const { stdout } = await studioCommand(studio, ['tokens', 'balance', '--json'])
  return z
    .object({ member: z.object({ available: z.number(), pending: z.number() }) })
    .parse(JSON.parse(stdout)).member
}

async function show(runId: string): Promise<z.infer<typeof RunResult> | null> {
  const { code, stdout } = await studioCommand(studio, ['runs', 'show', runId])
  return code === 0 ? RunResult.parse(JSON.parse(stdout)) : null
}

const stems = (names: string[]) => names.map((name) => name.replace(/\.[^.]+$/, '')).sort()

async function rgb(file: string): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

beforeAll(async () => {
  studio = await startStudio()
  const login = await studioCommand(
    studio,
    ['login', '--url', studio.url, '--login-id', owner.loginId, '--password-stdin'],
    `${owner.password}\n`,
  )
  expect(login, login.stderr).toMatchObject({ code: 0 })
}, 15 * 60_000)

afterAll(async () => {
  const before = studio ? await studio.components() : []
  await studio?.stop()
  for (const { name, pid } of before)
    if (pid) expect(() => process.kill(pid, 0), `${name} still runs after Ctrl-C`).toThrow()
})

test('a folder of 20 photos becomes 20 pictures with defects and 20 masks, names kept', async () => {
  const names = (await readdir(photos)).filter((name) => /\.(jpg|png)$/.test(name))
  expect(names).toHaveLength(20)
  const out = await mkdtemp(join(studio.dataDir, 'out-'))
  const before = await balance()
  const result = await studioCommand(studio, [
    ...['run', 'examples/draw-defects.json', '--input', `photo=${photos}`, '--out', out, '--json'],
  ])
  expect(result.code, result.stderr).toBe(0)
  const run = RunResult.parse(JSON.parse(result.stdout))
  expect(run).toMatchObject({ status: 'succeeded', quote: 20, cost: 20 })
  expect(await balance()).toEqual({ available: before.available - 20, pending: 0 })
  expect(stems(await readdir(join(out, 'image')))).toEqual(stems(names))
  expect(stems(await readdir(join(out, 'mask')))).toEqual(stems(names))
  for (const name of names) {
    const stem = name.replace(/\.[^.]+$/, '')
    const photo = await rgb(join(photos, name))
    const picture = await rgb(join(out, 'image', `${stem}.png`))
    const mask = await sharp(join(out, 'mask', `${stem}.png`))
      .greyscale()
      .raw()
      .toBuffer()
    expect({ width: picture.width, height: picture.height }).toEqual({
      width: photo.width,
      height: photo.height,
    })
    let inside = 0
    let changedOutside = 0
    for (let pixel = 0; pixel < mask.length; pixel++) {
      const changed = [0, 1, 2].some((c) => photo.data[pixel * 3 + c] !== picture.data[pixel * 3 + c])
      if (mask[pixel]) inside++
      else if (changed) changedOutside++
    }
    expect(inside, `${name}: the mask is empty`).toBeGreaterThan(0)
    expect(changedOutside, `${name}: pixels outside the mask changed`).toBe(0)
  }
})

test('a photo is put into words, drawn again from them, and enlarged', async () => {
  const out = await mkdtemp(join(studio.dataDir, 'out-'))
  const result = await studioCommand(studio, [
    ...['run', 'examples/describe-and-enlarge.json', '--out', out, '--json'],
    ...['--input', `photo=${join(photos, 'wood-01.jpg')}`],
  ])
  expect(result.code, result.stderr).toBe(0)
  const run = z
    .object({
      cost: z.number(),
      outputs: z.array(
        z.object({ name: z.string(), items: z.array(z.object({ text: z.string().optional() })) }),
      ),
    })
    .parse(JSON.parse(result.stdout))
  const text = (name: string) => run.outputs.find((output) => output.name === name)?.items[0]?.text
  expect(run.cost).toBe(3)
  expect(text('prompt')).toContain('wood')
  expect(text('phrases')).toMatch(/^0\.\d{3} {2}\w+: .+\n/)
  const [file] = await readdir(join(out, 'image'))
  expect(await sharp(join(out, 'image', file ?? '')).metadata()).toMatchObject({ width: 512, height: 512 })
})

test('all five tools run on the starter model', async () => {
  const [photo] = (await readdir(photos)).sort()
  const [part] = (await readdir(parts)).sort()
  const out = await mkdtemp(join(studio.dataDir, 'out-'))
  const result = await studioCommand(studio, [
    ...['run', 'examples/five-tools.json', '--out', out, '--json'],
    ...['--input', `photo=${join(photos, photo ?? '')}`, '--input', `part=${join(parts, part ?? '')}`],
  ])
  expect(result.code, result.stderr).toBe(0)
  expect(RunResult.parse(JSON.parse(result.stdout))).toMatchObject({ status: 'succeeded', cost: 5 })
  for (const tool of ['text-to-image', 'image-to-image', 'inpaint', 'clean-up', 'remove-background']) {
    const [file] = await readdir(join(out, tool))
    const { width = 0, height = 0 } = await sharp(join(out, tool, file ?? '')).metadata()
    expect(Math.min(width, height), tool).toBeGreaterThanOrEqual(64)
    const { made, graph, graphFrom } = readPicture(await readFile(join(out, tool, file ?? '')))
    expect([made?.tool, graphFrom, graph?.nodes.some(({ type }) => type === tool)]).toEqual([
      tool,
      'graph',
      true,
    ])
    if (tool === 'inpaint') expect(made?.certificate).toMatchObject({ changedOutside: 0 })
  }
  const [drawn] = await readdir(join(out, 'text-to-image'))
  const told = await studioCommand(studio, ['image', 'info', join(out, 'text-to-image', drawn ?? '')])
  expect(told.stdout).toMatch(/^tool: text-to-image\n(.+\n)*sampler: .+\n(.+\n)*model digest: [0-9a-f]{64}\n/)
})

test.each([
  [
    'not a picture',
    'notes.png',
    () => Promise.resolve(Buffer.from('just words')),
    /not (a picture|an image)|image/i,
  ],
  [
    'a truncated file',
    'cut.png',
    async () => (await readFile(join(photos, (await readdir(photos))[0] ?? ''))).subarray(0, 3000),
    /truncated|damaged|incomplete|cut/i,
  ],
])('refuses %s and keeps every token', async (_what, name, bytes, message) => {
  const folder = await mkdtemp(join(studio.dataDir, 'in-'))
  await writeFile(join(folder, name), await bytes())
  const before = await balance()
  const result = await studioCommand(studio, [
    'run',
    'examples/draw-defects.json',
    '--input',
    `photo=${folder}`,
  ])
  expect(result.code).toBe(4)
  expect(result.stderr).toContain(name)
  expect(result.stderr).toMatch(message)
  expect(await balance()).toEqual(before)
})

test('an administrator issues more tokens to the department and gives some to a member', async () => {
  const Department = z.object({ department: z.object({ available: z.number() }) })
  const available = async () => {
    const { stdout } = await studioCommand(studio, ['tokens', 'balance', '--json'])
    return Department.parse(JSON.parse(stdout)).department.available
  }
  const before = await available()
  expect(await studioCommand(studio, ['tokens', 'issue', '250'])).toMatchObject({ code: 0 })
  expect(await available()).toBe(before + 250)
  expect((await studioCommand(studio, ['tokens', 'issue', '-3'])).code).toBe(2)
  const mine = await balance()
  expect(await studioCommand(studio, ['tokens', 'give', 'me', '50'])).toMatchObject({ code: 0 })
  expect((await balance()).available).toBe(mine.available + 50)
  expect(await available()).toBe(before + 200)
})

test('a second studio on the same data folder is refused with the address of the first', async () => {
  const second = spawn(process.execPath, [join(root, 'scripts/start.mjs'), '--data', studio.dataDir], {
    cwd: root,
  })
  let printed = ''
  for (const stream of [second.stdout, second.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const [code] = await once(second, 'close')
  expect(code).toBe(1)
  expect(printed).toContain(studio.url)
})

test('refuses an empty folder', async () => {
  const folder = join(studio.dataDir, 'empty')
  await mkdir(folder)
  onTestFinished(() => rm(folder, { recursive: true }))
  const result = await studioCommand(studio, [
    'run',
    'examples/draw-defects.json',
    '--input',
    `photo=${folder}`,
  ])
  expect(result.code).toBe(4)
  expect(result.stderr).toContain('has no pictures')
})

// Each has a seed of its own: what one has drawn, the next would find instead of working.
test.each(
  ['gpu-worker', 'worker', 'io-worker', 'api', 'postgres', 'temporal'].map((name, i) => ({
    name,
    seed: 1000 + i,
  })),
)(
  'a run goes on to its end, charged once, when the process "$name" is killed in the middle of it',
  async ({ name, seed }) => {
    const before = await balance()
    const started = await studioCommand(studio, [
      ...['run', 'examples/draw-defects.json', '--input', `photo=${photos}`],
      ...['--param', `defect.seed=${seed}`, '--detach'],
    ])
    expect(started.code, started.stderr).toBe(0)
    const runId = started.stdout.trim()
    for (let done = 0; done < 2; await wait(50))
      done = (await show(runId))?.nodeRuns.find((node) => node.nodeId === 'defect')?.itemsDone ?? 0
    const victim = (await studio.components()).find((component) => component.name === name)
    if (!victim?.pid) throw new Error(`There is no process "${name}".`)
    process.kill(victim.pid, 'SIGKILL')

    let run = await show(runId)
    for (; !run || ['queued', 'running'].includes(run.status); run = await show(runId)) await wait(500)
    expect(run).toMatchObject({ status: 'succeeded', quote: 20, cost: 20 })
    expect(run.outputs.map(({ name: output, items }) => [output, items.length])).toEqual([
      ['image', 20],
      ['mask', 20],
    ])
    expect(await balance()).toEqual({ available: before.available - 20, pending: 0 })
    expect(
      (await studio.components()).find((component) => component.name === name)?.restarts,
    ).toBeGreaterThan(victim.restarts)
  },
)
