/** Runs as people follow them: in eight tabs over one stream, paused, resumed, stopped, and run again for nothing. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emptyGraph, type Graph } from '@defect-studio/nodes'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { owner, startStudio, type Studio } from '../../scripts/e2e/studio.ts'
import { seriousFaults } from './accessibility.ts'
import { openBrowser, type OpenBrowser } from './browser.ts'
import { startEventProxy, type EventProxy } from './event-proxy.ts'

let studio: Studio
let proxy: EventProxy
let browser: OpenBrowser
let screenshots: string
let token: string

beforeAll(async () => {
  studio = await startStudio()
  proxy = await startEventProxy(studio.url)
  browser = await openBrowser()
  screenshots = await mkdtemp(join(tmpdir(), 'studio-runs-'))
  token = z.object({ accessToken: z.string() }).parse(await post('/auth/login', owner)).accessToken
  const { page } = browser
  await page.goto(proxy.url)
  await page.getByLabel('Login id').fill(owner.loginId)
  await page.getByLabel('Password', { exact: true }).fill(owner.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Graphs' }).waitFor()
}, 15 * 60_000)

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(async () => {
    for (const [number, page] of browser.context.pages().entries()) {
      const path = join(screenshots, `failed-${task.name.slice(0, 20).replaceAll(/\W+/g, '-')}-${number}.png`)
      await page.screenshot({ path })
      console.log(`What the page looked like: ${path}`)
    }
  })
})

afterAll(async () => {
  await browser?.context.close()
  await proxy?.close()
  await studio?.stop()
}, 60_000)

const Id = z.object({ id: z.string() })

async function post(path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${studio.url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

const at = (x: number) => ({ position: { x, y: 60 } })

/** Pictures from words, one after the other: long enough to look at. */
const pictures = (count: number, steps: number): Graph => ({
  ...emptyGraph,
  nodes: [
    {
      ...{ id: 'words', type: 'prompt-list', ...at(0) },
      params: { lines: Array.from({ length: count }, (_one, i) => `brushed metal, part ${i}`).join('\n') },
    },
    { id: 'draw', type: 'text-to-image', ...at(340), params: { steps, width: 128, height: 128, seed: 7 } },
    { id: 'save', type: 'save-to-gallery', ...at(680), params: {} },
  ],
  edges: [
    { id: '1', source: 'words', sourceHandle: 'text', target: 'draw', targetHandle: 'prompt' },
    { id: '2', source: 'draw', sourceHandle: 'image', target: 'save', targetHandle: 'image' },
  ],
})

const status = (page: Page, name: string) => page.locator(`main [data-run="${name}"]`)
const paused = (page: Page, isPaused: boolean) => page.locator(`main [data-paused="${isPaused}"]`)

async function doneIn(page: Page): Promise<number> {
  const words = await page.locator('[data-totals]').innerText()
  return Number(/^(\d+)/.exec(words)?.[1])
}

test('eight tabs follow a run over one stream, through a cut line and the end of the tab that held it', async () => {
  const { context, page } = browser
  const runId = Id.parse(await post('/runs', { graph: pictures(40, 12) })).id
  const tabs = [page]
  while (tabs.length < 8) tabs.push(await context.newPage())
  for (const tab of tabs) await tab.goto(`${proxy.url}/runs/${runId}`)
  for (const tab of tabs) await status(tab, 'running').waitFor()
  await expect.poll(() => proxy.open(), { timeout: 10_000 }).toBe(1)
  // Every one of them sees the run go on.
  const before = await Promise.all(tabs.map(doneIn))
  for (const [number, tab] of tabs.entries())
    await expect.poll(() => doneIn(tab), { timeout: 30_000 }).toBeGreaterThan(before[number] ?? NaN)
  // HTTP/1.1 has six connections: with a stream in each tab the last two would get no answer.
  for (const tab of tabs)
    expect(await tab.evaluate(async () => (await fetch('/api/v1/setup')).status)).toBe(200)

  await page.bringToFront()
  await page.getByRole('button', { name: 'Pause' }).click()
  for (const tab of tabs) await paused(tab, true).waitFor()
  expect(await seriousFaults(page)).toEqual([])
  await page.screenshot({ path: join(screenshots, 'paused.png') })

  // What happens while the line is cut is heard when it is back.
  const mend = proxy.cut()
  await expect.poll(() => proxy.open()).toBe(0)
  await post(`/runs/${runId}/resume`, {})
  mend()
  for (const tab of tabs) await paused(tab, false).waitFor()
  await expect.poll(() => proxy.open(), { timeout: 10_000 }).toBe(1)

  // The first tab holds the stream: it had nobody before it.
  const next = tabs[1]
  if (!next) throw new Error('There is one tab.')
  const opened = proxy.opened()
  const left = [next, ...tabs.slice(2)]
  await page.goto('about:blank')
  await post(`/runs/${runId}/cancel`, {})
  for (const tab of left) await status(tab, 'cancelled').waitFor()
  await expect.poll(() => proxy.open(), { timeout: 10_000 }).toBe(1)
  expect(proxy.opened()).toBe(opened + 1)
  for (const tab of tabs.slice(2)) await tab.close()

  // What was made before it was stopped is taken over, and nothing is paid twice.
  await next.bringToFront()
  await next.getByRole('button', { name: 'Retry what failed' }).click()
  await next.getByText('Takes up an earlier run').waitFor()
  await next.locator('[data-node="draw"]').getByText('found').waitFor()
  await next.getByRole('button', { name: 'Cancel' }).click()
  await status(next, 'cancelled').waitFor()
  await next.close()
})

test('a graph is run, and run again for nothing; a part of it says first what it costs', async () => {
  const { page } = browser
  const { id } = Id.parse(await post('/graphs', { name: 'Again', graph: pictures(2, 4) }))
  await page.goto(`${proxy.url}/graphs/${id}`)
  await page.getByText('2 tokens', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.locator('[data-run="succeeded"]').waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  const card = page.locator('.card[data-node="draw"]')
  await card.getByText('2 found').waitFor({ timeout: 30_000 })
  await page.getByRole('tab', { name: 'Runs' }).click()
  await page.locator('aside').getByText('2 tokens saved').waitFor()

  const title = card.locator('.card-title')
  await title.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Run to here' }).click()
  await page.getByText('At most 2 tokens').waitFor()
  await page.getByRole('button', { name: 'Not now' }).click()
  await title.click()
  await page.keyboard.press('Control+m')
  await card.getByText('Muted').waitFor()
  expect(await seriousFaults(page)).toEqual([])
  await page.screenshot({ path: join(screenshots, 'muted.png') })
})

test('the pages complained of nothing but the line that was cut', () => {
  expect(browser.complaints.filter((each) => !each.includes('/api/v1/events'))).toEqual([])
})
