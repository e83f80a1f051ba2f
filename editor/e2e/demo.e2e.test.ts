/** The scenario of docs/demo.md in the browser: words become a picture, which gets a defect, is cleaned up and cut out. */
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { studioCommand } from '../../scripts/e2e/command-line.ts'
import { owner, root, startStudio, type Studio } from '../../scripts/e2e/studio.ts'
import { openBrowser, type OpenBrowser } from './browser.ts'

let studio: Studio
let browser: OpenBrowser
beforeAll(async () => {
  studio = await startStudio()
  browser = await openBrowser()
}, 15 * 60_000)
afterAll(async () => {
  await browser?.context.close()
  await studio?.stop()
}, 60_000)

const node = (id: string): Locator => browser.page.locator(`.card[data-node="${id}"]`)

test('one command loads the data of the demo, and again it adds nothing', async () => {
  const signIn = ['login', '--url', studio.url, '--login-id', owner.loginId, '--password-stdin']
  const login = await studioCommand(studio, signIn, `${owner.password}\n`)
  expect(login.code, login.stderr).toBe(0)
  const load = () =>
    studioCommand(studio, ['demo', '--examples', `${root}/examples`, '--without-run', '--json'])
  const [first, again] = [await load(), await load()]
  expect(first.code, first.stderr).toBe(0)
  const { members, graphs } = JSON.parse(first.stdout) as { members: unknown[]; graphs: object }
  expect([members.length, Object.keys(graphs).length]).toEqual([3, 3])
  expect(JSON.parse(again.stdout)).toMatchObject({ graphs })
})

test('text to image, inpaint, clean up and remove background follow one another in one graph', async () => {
  const { page } = browser
  await page.goto(studio.url)
  await page.getByLabel('Login id').fill(owner.loginId)
  await page.getByLabel('Password', { exact: true }).fill(owner.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('link', { name: 'Graphs', exact: true }).click()
  await page
    .getByRole('link', { name: /Demo: from words to a cut-out part/ })
    .first()
    .click()
  for (const id of ['make', 'paint', 'clean', 'cut']) await node(id).waitFor()
  await page.getByText('4 tokens', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.locator('[data-run="succeeded"]').waitFor({ timeout: 240_000 })
  for (const id of ['make', 'paint', 'clean', 'cut']) await node(id).getByText('Done').waitFor()
})

test('every step of it stands in the gallery', async () => {
  const { page } = browser
  await page.getByRole('link', { name: 'Gallery' }).click()
  for (const tool of ['Text to image', 'Inpaint', 'Clean up', 'Remove background'])
    await page
      .getByRole('link', { name: /^Open / })
      .filter({ hasText: tool })
      .first()
      .waitFor()
  expect(browser.complaints).toEqual([])
})
