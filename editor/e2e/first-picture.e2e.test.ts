/** The one browser journey: from the first visit of a new studio to a downloaded picture with a defect in it. */
import { mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { root, startStudio, type Studio } from '../../scripts/e2e/studio.ts'
import { seriousFaults } from './accessibility.ts'
import { openBrowser, type OpenBrowser } from './browser.ts'
import { countDifferences } from './outside-mask.ts'

const photo = join(root, 'examples/photos/brushed-metal-01.jpg')
const owner = {
  name: 'Kim Haneul',
  loginId: 'owner',
  password: 'correct horse battery',
  email: 'owner@example.com',
}

let studio: Studio
let browser: OpenBrowser
let screenshots: string
/** The picture of the journey, as a person has it on disk. */
let downloaded: Buffer

beforeAll(async () => {
  studio = await startStudio({ withoutOwner: true })
  browser = await openBrowser()
  screenshots = await mkdtemp(join(tmpdir(), 'studio-screens-'))
}, 15 * 60_000)

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(async () => {
    const path = join(screenshots, `failed-${task.name.replaceAll(/\W+/g, '-')}.png`)
    await browser.page.screenshot({ path })
    console.log(`What the page looked like: ${path}`)
  })
})

afterAll(async () => {
  await browser?.context.close()
  await studio?.stop()
}, 60_000)

const node = (page: Page, id: string): Locator => page.locator(`.card[data-node="${id}"]`)

async function place(page: Page, name: string, x: number, y: number): Promise<void> {
  await page
    .getByRole('button', { name: `Add ${name}`, exact: true })
    .dragTo(page.locator('.canvas'), { targetPosition: { x, y } })
}

/** Draws an edge as a person does: from dot to dot, with the mouse. */
async function connect(
  page: Page,
  from: [id: string, port: string],
  to: [id: string, port: string],
): Promise<void> {
  const start = await node(page, from[0]).getByLabel(`Output ${from[1]}`).boundingBox()
  const end = await node(page, to[0]).getByLabel(`Input ${to[1]}`).boundingBox()
  if (!start || !end) throw new Error(`No dots to connect ${from.join('.')} with ${to.join('.')}.`)
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2)
  await page.mouse.down()
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 5 })
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 5 })
  await page.mouse.up()
}

test('the first visit creates the owner, who is signed in at once', async () => {
  const { page } = browser
  await page.goto(studio.url)
  await page.getByRole('heading', { name: 'Welcome: create the owner' }).waitFor()
  expect(await seriousFaults(page)).toEqual([])
  await page.getByLabel('Your name').fill(owner.name)
  await page.getByLabel('Login id').fill(owner.loginId)
  await page.getByLabel('E-mail').fill(owner.email)
  await page.getByLabel('Password', { exact: true }).fill(owner.password)
  await page.getByRole('button', { name: 'Create the owner' }).click()
  await page.getByRole('heading', { name: 'Graphs' }).waitFor()
  await page.getByText('10,000 tokens').waitFor()
})

test('a graph drawn from the palette says what it lacks, and why an edge is refused', async () => {
  const { page } = browser
  await page.getByRole('button', { name: /^Empty graph/ }).click()
  await page.getByText('Start with a node').waitFor()
  // Half the size makes room for five cards.
  for (let times = 0; times < 3; times++) await page.getByRole('button', { name: 'Zoom out' }).click()
  await place(page, 'Load image', 90, 250)
  await place(page, 'Draw defect', 300, 180)
  await place(page, 'Save to gallery', 720, 110)
  await place(page, 'Clean up', 510, 400)
  await place(page, 'Save to gallery', 720, 400)
  await page.getByText(/problems? before it can run/).waitFor()

  await connect(page, ['load-image-1', 'Image'], ['save-to-gallery-1', 'Mask'])
  await page.getByText('An image cannot enter a mask port.').waitFor()
  await connect(page, ['load-image-1', 'Image'], ['draw-defect-1', 'Image'])
  await connect(page, ['draw-defect-1', 'Image'], ['save-to-gallery-1', 'Image'])
  await connect(page, ['draw-defect-1', 'Mask'], ['save-to-gallery-1', 'Mask'])
  await connect(page, ['draw-defect-1', 'Image'], ['clean-up-1', 'Image'])
  await connect(page, ['draw-defect-1', 'Mask'], ['clean-up-1', 'Mask'])
  await connect(page, ['clean-up-1', 'Image'], ['save-to-gallery-2', 'Image'])
  await expect.poll(() => page.locator('.react-flow__edge').count()).toBe(6)
})

test('what was done is undone and done again by keys', async () => {
  const { page } = browser
  await page.keyboard.press('Control+z')
  await expect.poll(() => page.locator('.react-flow__edge').count()).toBe(5)
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(() => page.locator('.react-flow__edge').count()).toBe(6)
})

test('Run puts a defect into the photo and shows it on the nodes', async () => {
  const { page } = browser
  await node(page, 'load-image-1').click()
  await page.locator('input[type=file][aria-label="Upload Image"]').setInputFiles(photo)
  await page.getByText('brushed-metal-01.jpg').first().waitFor()
  await node(page, 'draw-defect-1').click()
  await page.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'Crack' }).click()
  await page.getByRole('textbox', { name: 'Size' }).fill('0.6')
  await page.getByRole('textbox', { name: 'Severity' }).fill('1')
  await page.getByLabel('Seed', { exact: true }).fill('7')
  await page.getByText('2 tokens', { exact: true }).waitFor()
  await page.locator('[data-save="saved"]').waitFor()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.locator('[data-run="succeeded"]').waitFor({ timeout: 120_000 })
  await node(page, 'save-to-gallery-1')
    .getByRole('button', { name: /Enlarge/ })
    .first()
    .waitFor()
  await node(page, 'draw-defect-1').getByText('Done').waitFor()
  await page.getByRole('button', { name: 'Show everything' }).click()
  await page.waitForFunction(() => [...document.images].every((image) => image.complete))
  expect(await seriousFaults(page)).toEqual([])
  const docs = process.env['UPDATE_SCREENSHOT'] === '1'
  await mkdir(join(root, 'docs'), { recursive: true })
  await page.screenshot({
    path: docs ? join(root, 'docs/screenshot.png') : join(screenshots, 'screenshot.png'),
  })
})

test('the gallery hands out the picture and its exact mask', async () => {
  const { page } = browser
  await page.getByRole('link', { name: 'Gallery' }).click()
  await page
    .getByRole('link', { name: /^Open brushed-metal-01/ })
    .filter({ hasText: 'Draw defect' })
    .click()
  const download = async (name: string): Promise<Buffer> => {
    const waiting = page.waitForEvent('download')
    await page.getByRole('link', { name }).click()
    return readFile(await (await waiting).path())
  }
  const picture = await download('Download brushed-metal-01.png')
  downloaded = picture
  const mask = await download('Download brushed-metal-01-mask.png')

  const signIn = await fetch(`${studio.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ loginId: owner.loginId, password: owner.password }),
  })
  const { accessToken } = (await signIn.json()) as { accessToken: string }
  const answer = await fetch(`${studio.url}/api/v1/images?tool=draw-defect`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  const { items } = (await answer.json()) as { items: { image: { url: string }; mask: { url: string } }[] }
  const first = items[0]
  if (!first) throw new Error('The API has no picture.')
  const fromApi = async (url: string) =>
    Buffer.from(await (await fetch(new URL(url, studio.url))).arrayBuffer())
  expect(picture.equals(await fromApi(first.image.url))).toBe(true)
  expect(mask.equals(await fromApi(first.mask.url))).toBe(true)

  const { outside, inside } = await countDifferences(await readFile(photo), picture, mask)
  expect(outside).toBe(0)
  expect(inside).toBeGreaterThan(20)
})

test('a downloaded picture opens as the graph that made it, chosen as a file or dropped on the canvas', async () => {
  const { page } = browser
  const file = { name: 'found on a disk.png', mimeType: 'image/png', buffer: downloaded }
  await page.getByRole('link', { name: 'Graphs', exact: true }).click()
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Open a file' }).click()
  await (await choosing).setFiles(file)
  const defect = node(page, 'draw-defect-1')
  await defect.waitFor()
  expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('found on a disk')
  await defect.click()
  expect(await page.getByLabel('Seed', { exact: true }).inputValue()).toBe('7')

  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await defect.waitFor({ state: 'detached' })
  const dropped = await page.evaluateHandle(
    ([name, bytes]) => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.from(bytes)], name, { type: 'image/png' }))
      return data
    },
    [file.name, [...downloaded]] as const,
  )
  await page.dispatchEvent('.canvas', 'drop', { dataTransfer: dropped })
  await defect.waitFor()
})

const pages = [
  ...['Graphs', 'Gallery', 'Runs', 'Presets', 'Tokens', 'Statistics', 'Models', 'Servers', 'Members'],
  ...['Audit log', 'Settings'],
]

test('no page has a serious fault of accessibility, in light and in dark', async () => {
  const { page } = browser
  const faults: string[] = []
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    for (const name of pages) {
      await page.getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { level: 1, name }).waitFor()
      await expect.poll(() => page.locator('[aria-busy]').count()).toBe(0)
      await page.screenshot({ path: join(screenshots, `${name.toLowerCase()}-${scheme}.png`) })
      faults.push(...(await seriousFaults(page)).map((fault) => `${scheme} ${fault}`))
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  expect(faults).toEqual([])
})

test('after a reload the refresh cookie signs in again, and signing out ends it', async () => {
  const { page } = browser
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(await seriousFaults(page)).toEqual([])
  await page.reload()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

test('the pages complained of nothing on the way', () => {
  expect(browser.complaints).toEqual([])
})

test('Ctrl-C stops every process', async () => {
  const pids = (await studio.components()).flatMap(({ pid }) => (pid ? [pid] : []))
  expect(pids.length).toBeGreaterThan(4)
  expect(await studio.stop()).toBe(0)
  expect(pids.filter(isAlive)).toEqual([])
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
