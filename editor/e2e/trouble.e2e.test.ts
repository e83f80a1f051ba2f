/** What people see when things go wrong: a process dies, the API is gone, a node fails, two tabs save one graph. */
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emptyGraph, type Graph } from '@defect-studio/nodes'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { writeZip } from '../../gpu-workers/models/zip-file.test-support.ts'
import { owner, root, startStudio, type Studio } from '../../scripts/e2e/studio.ts'
import { seriousFaults } from './accessibility.ts'
import { openBrowser, type OpenBrowser } from './browser.ts'

let studio: Studio
let browser: OpenBrowser
let screenshots: string
let token: string

beforeAll(async () => {
  studio = await startStudio()
  browser = await openBrowser()
  screenshots = await mkdtemp(join(tmpdir(), 'studio-trouble-'))
  token = z.object({ accessToken: z.string() }).parse(await post('/auth/login', owner)).accessToken
  const { page } = browser
  await page.goto(studio.url)
  await page.getByLabel('Login id').fill(owner.loginId)
  await page.getByLabel('Password', { exact: true }).fill(owner.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Graphs' }).waitFor()
}, 15 * 60_000)

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => shoot(`failed-${task.name.replaceAll(/\W+/g, '-')}`))
})

afterAll(async () => {
  await browser?.context.close()
  await studio?.stop()
}, 60_000)

async function shoot(name: string, page = browser.page): Promise<void> {
  const path = join(screenshots, `${name}.png`)
  await page.screenshot({ path })
  console.log(`What the page looked like: ${path}`)
}

async function post(path: string, body: unknown): Promise<unknown> {
  const isForm = body instanceof FormData
  const answer = await fetch(`${studio.url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      ...(isForm ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: isForm ? body : JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

async function uploadGrey(name: string, grey: number): Promise<Record<string, unknown>> {
  const background = { r: grey, g: grey, b: grey }
  const file = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer()
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(file)], { type: 'image/png' }), name)
  const {
    url: _url,
    thumbnailUrl: _thumbnail,
    ...image
  } = z.looseObject({ key: z.string() }).parse(await post('/artifacts', form))
  return image
}

async function makeGraph(name: string, graph: Graph): Promise<string> {
  return z.object({ id: z.string() }).parse(await post('/graphs', { name, graph })).id
}

const pidOf = async (name: string): Promise<number | null> =>
  (await studio.components()).find((component) => component.name === name)?.pid ?? null

/** Kills each process that the supervisor starts anew, until the page has said so: pauses between starts grow. */
async function killUntil(name: string, said: () => Promise<boolean>): Promise<void> {
  const killed = new Set<number>()
  await expect
    .poll(
      async () => {
        const pid = await pidOf(name).catch(() => null)
        if (pid !== null && !killed.has(pid)) {
          process.kill(pid, 'SIGKILL')
          killed.add(pid)
        }
        return said()
      },
      { timeout: 30_000, interval: 100 },
    )
    .toBe(true)
}

const banner = (page: Page, kind: 'down' | 'lost') => page.locator(`[data-banner="${kind}"]`)

test('the banner names the inference worker when it dies, and goes when it is back', async () => {
  const { page } = browser
  await killUntil('gpu-worker', () => banner(page, 'down').isVisible())
  await banner(page, 'down').getByText('Inference worker').waitFor()
  expect(await seriousFaults(page)).toEqual([])
  await shoot('worker-down')
  await banner(page, 'down').waitFor({ state: 'detached', timeout: 60_000 })
})

test('a lost connection is said, and what was edited meanwhile is saved once the studio answers', async () => {
  const { page } = browser
  const id = await makeGraph('Kept through a loss', emptyGraph)
  await page.goto(`${studio.url}/graphs/${id}`)
  await page.getByText('Start with a node').waitFor()
  await killUntil('api', () => banner(page, 'lost').isVisible())
  await page.getByRole('button', { name: 'Add Load image', exact: true }).click()
  await shoot('connection-lost')
  await banner(page, 'lost').waitFor({ state: 'detached', timeout: 60_000 })
  await page.locator('[data-save="saved"]').waitFor()
  await page.reload()
  await page.locator('.card[data-node="load-image-1"]').waitFor()
})

const remedy = 'Give the node an input that it can use.'

test('a node that fails says why and what to do, on its card and in the list of the run', async () => {
  const { page } = browser
  const image = await uploadGrey('part.png', 128)
  const mask = await uploadGrey('all-white.png', 255)
  const at = (x: number, y: number) => ({ position: { x, y } })
  const id = await makeGraph('Nothing to copy from', {
    ...emptyGraph,
    nodes: [
      { id: 'photo', type: 'load-image', ...at(0, 0), params: { image } as Graph['nodes'][number]['params'] },
      {
        id: 'place',
        type: 'mask',
        ...at(0, 260),
        params: { mode: 'drawn', drawn: mask } as Graph['nodes'][number]['params'],
      },
      { id: 'clean', type: 'clean-up', ...at(340, 60), params: {} },
      { id: 'save', type: 'save-to-gallery', ...at(680, 60), params: {} },
    ],
    edges: [
      { id: '1', source: 'photo', sourceHandle: 'image', target: 'place', targetHandle: 'image' },
      { id: '2', source: 'photo', sourceHandle: 'image', target: 'clean', targetHandle: 'image' },
      { id: '3', source: 'place', sourceHandle: 'mask', target: 'clean', targetHandle: 'mask' },
      { id: '4', source: 'clean', sourceHandle: 'image', target: 'save', targetHandle: 'image' },
    ],
  })
  await page.goto(`${studio.url}/graphs/${id}`)
  await page
    .getByText('2 tokens', { exact: true })
    .or(page.getByText('1 token', { exact: true }))
    .waitFor()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.locator('[data-run="failed"]').waitFor({ timeout: 60_000 })
  const trouble = page.locator('.card[data-node="clean"] [data-kind="failure"]')
  const said = await trouble.innerText()
  expect(said.length).toBeGreaterThan(30)
  expect(said).toContain(remedy)
  expect(await seriousFaults(page)).toEqual([])
  await shoot('failed-node')
  await page.getByRole('tab', { name: 'Runs' }).click()
  await page.locator('aside [data-kind="failure"]').getByText(remedy).waitFor()
  await shoot('failed-run-list')
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
  await page.getByText(remedy).waitFor()
  await page.getByRole('link', { name: 'Nothing to copy from' }).click()
  await page.getByText(remedy).first().waitFor()
  await shoot('failed-run-page')
})

test('a past run shows the graph that it ran, and restores it as one step', async () => {
  const { page } = browser
  await page.getByRole('link', { name: 'Show on the graph' }).click()
  await page.locator('.card[data-node="save"]').click()
  await page.keyboard.press('Delete')
  await page.locator('.card[data-node="save"]').waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: 'Runs' }).click()
  await page.locator('aside button[aria-pressed]').first().click()
  await page.getByText('You see the graph as it ran').waitFor()
  await page.locator('.card[data-node="save"]').waitFor()
  await shoot('past-graph')
  expect(await seriousFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Back to the graph' }).click()
  await page.locator('.card[data-node="save"]').waitFor({ state: 'detached' })
  await page.locator('aside button[aria-pressed]').first().click()
  await page.getByRole('button', { name: 'Restore this version' }).click()
  await page.locator('.card[data-node="save"]').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.locator('.card[data-node="save"]').waitFor({ state: 'detached' })
})

test('two tabs that save one graph are asked which shall stay', async () => {
  const { context, page } = browser
  const id = await makeGraph('Edited twice', emptyGraph)
  const other = await context.newPage()
  for (const tab of [page, other]) {
    await tab.goto(`${studio.url}/graphs/${id}`)
    await tab.getByText('Start with a node').waitFor()
  }
  await page.getByRole('button', { name: 'Add Load image', exact: true }).click()
  await page.locator('[data-save="saved"]').waitFor()
  await other.getByRole('button', { name: 'Add Prompt', exact: true }).click()
  await other.getByRole('button', { name: 'Overwrite with mine' }).waitFor()
  await shoot('save-clash', other)
  await other.getByRole('button', { name: 'Load the other one' }).click()
  await other.locator('.card[data-node="load-image-1"]').waitFor()
  await other.locator('[data-save="saved"]').waitFor()
  expect(await other.locator('.card').count()).toBe(1)
  await other.getByRole('button', { name: 'Undo' }).click()
  await other.locator('.card[data-node="prompt-1"]').waitFor()
  // What was added a moment before the tab is closed is kept.
  await other.close({ runBeforeUnload: true })
  await expect
    .poll(async () => {
      const answer = await fetch(`${studio.url}/api/v1/graphs/${id}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      return JSON.stringify(await answer.json())
    })
    .toContain('prompt-1')
})

test('a zip that is no model is refused with the reason, and a model is added and removed', async () => {
  const { page } = browser
  const folder = await mkdtemp(join(tmpdir(), 'studio-zips-'))
  const golden = join(root, 'gpu-workers', 'goldens', 'tiny-matting')
  const files = await Promise.all(
    ['config.json', 'model.onnx'].map(async (name) => ({ name, data: await readFile(join(golden, name)) })),
  )
  const [good, bad] = [join(folder, 'tiny-net.zip'), join(folder, 'holiday.zip')]
  await writeZip(good, files)
  await writeZip(bad, [{ name: 'readme.txt', data: 'Sun and sea' }])
  const send = async (zip: string) => {
    await page.getByRole('button', { name: 'Add a model' }).first().click()
    await page.getByRole('tab', { name: 'Zip file' }).click()
    await page.locator('input[type=file]').setInputFiles(zip)
    await page.getByRole('button', { name: 'Send and install' }).click()
  }
  await page.goto(`${studio.url}/models`)
  await send(bad)
  await page.getByText('It is no model that this studio knows').waitFor()
  await page.getByText('there is readme.txt').waitFor()
  await send(good)
  await page.getByRole('row', { name: /tiny-net/ }).waitFor({ timeout: 60_000 })
  await shoot('models')
  expect(await seriousFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Remove "tiny-net"?' }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('row', { name: /tiny-net/ }).waitFor({ state: 'detached', timeout: 60_000 })
})
