/** A whole account life in the browser: asking for one, the code, waiting, being let in, the first paid picture, statistics. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { owner, startStudio, type Studio } from '../../scripts/e2e/studio.ts'
import { openBrowser, type OpenBrowser } from './browser.ts'

const newcomer = { loginId: 'newcomer', password: 'a long enough secret', email: 'new@example.com' }

let studio: Studio
let admin: OpenBrowser
let person: OpenBrowser
let ownerToken: string
const shots = await mkdtemp(join(tmpdir(), 'studio-account-'))
beforeAll(async () => {
  studio = await startStudio()
  admin = await openBrowser()
  person = await openBrowser()
  const signed = await ask('POST', '/auth/login', { loginId: owner.loginId, password: owner.password })
  ownerToken = z.object({ accessToken: z.string() }).parse(signed).accessToken
}, 15 * 60_000)
afterAll(async () => {
  await admin?.context.close()
  await person?.context.close()
  await studio?.stop()
}, 60_000)

async function ask(method: string, path: string, json?: object, token?: string): Promise<unknown> {
  const answer = await fetch(`${studio.url}/api/v1${path}`, {
    method,
    headers: {
      ...(json ? { 'content-type': 'application/json' } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(json ? { body: JSON.stringify(json) } : {}),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text === '' ? null : JSON.parse(text)
}

async function signIn(page: Page, { loginId, password }: { loginId: string; password: string }) {
  await page.getByLabel('Login id').fill(loginId)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function look(page: Page, name: string) {
  const path = join(shots, `${name}.png`)
  await page.screenshot({ path })
  console.log('What the page looked like:', path)
}

/** The code in the latest mail to the address, which the studio has caught. */
async function codeFor(address: string): Promise<string> {
  const List = z.object({ items: z.array(z.object({ id: z.string(), to: z.array(z.string()) })) })
  for (let tries = 0; tries < 100; tries++) {
    const { items } = List.parse(await ask('GET', '/mails', undefined, ownerToken))
    const mail = items.find(({ to }) => to.join().includes(address))
    if (mail) {
      const { text } = z
        .object({ text: z.string() })
        .parse(await ask('GET', `/mails/${mail.id}`, undefined, ownerToken))
      const code = /^([0-9A-Z]{4}-[0-9A-Z]{4})$/m.exec(text)?.[1]
      if (code) return code
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`No code came to ${address}.`)
}

test('somebody asks for an account, shows the code, and waits', async () => {
  const { page } = person
  await page.goto(studio.url)
  await page.getByRole('button', { name: 'Ask for an account' }).click()
  await page.getByLabel('Login id').fill(newcomer.loginId)
  await page.getByLabel('Password', { exact: true }).fill(newcomer.password)
  await page.getByLabel('Your name').fill('New Comer')
  await page.getByLabel('E-mail').fill(newcomer.email)
  await page.getByRole('combobox', { name: 'Department' }).click()
  await page.getByRole('option').first().click()
  await look(page, 'sign-up')
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await page.getByLabel('Code from the mail').fill(await codeFor(newcomer.email))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('Your address is confirmed.').waitFor()
  await signIn(page, newcomer)
  await page.getByRole('heading', { name: 'Waiting for approval' }).waitFor()
  await look(page, 'waiting')
})

test('an administrator lets them in and gives tokens', async () => {
  const { page } = admin
  await page.goto(studio.url)
  await signIn(page, owner)
  await page.getByRole('link', { name: 'Members', exact: true }).click()
  await page.getByLabel('Choose newcomer').check()
  await look(page, 'guests')
  await page.getByRole('button', { name: 'Approve 1' }).click()
  await page.getByText('Nobody waits').waitFor()
  await page.getByRole('tab', { name: 'Members' }).click()
  await page.getByText('New Comer (newcomer)').waitFor()
  await look(page, 'members')
  const Found = z.object({ items: z.array(z.object({ id: z.string() })) })
  const { items } = Found.parse(await ask('GET', '/members?search=newcomer', undefined, ownerToken))
  await ask('POST', '/tokens/issue', { amount: 20 }, ownerToken)
  await ask('POST', '/tokens/distribute', { memberId: items[0]?.id, amount: 20 }, ownerToken)
  await page.getByRole('link', { name: 'Audit log' }).click()
  await page.getByRole('heading', { name: 'Audit log' }).waitFor()
  await page.getByRole('cell', { name: 'members.approve' }).first().waitFor()
  await look(page, 'audit')
  expect(admin.complaints).toEqual([])
})

test('the newcomer makes a first picture, pays for it, and finds it in the statistics', async () => {
  const { page } = person
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor({ timeout: 30_000 })
  await signIn(page, newcomer)
  await page.getByText('20 tokens').waitFor()
  const { accessToken } = z
    .object({ accessToken: z.string() })
    .parse(await ask('POST', '/auth/login', { loginId: newcomer.loginId, password: newcomer.password }))
  const position = { x: 0, y: 0 }
  const graph = {
    formatVersion: 3,
    nodes: [
      { id: 'words', type: 'prompt', position, params: { text: 'rust on steel' } },
      { id: 'make', type: 'text-to-image', position, params: { seed: 7, steps: 2 } },
      { id: 'save', type: 'save-to-gallery', position, params: {} },
    ],
    edges: [
      { id: 'a', source: 'words', sourceHandle: 'text', target: 'make', targetHandle: 'prompt' },
      { id: 'b', source: 'make', sourceHandle: 'image', target: 'save', targetHandle: 'image' },
    ],
  }
  await ask('POST', '/runs', { graph }, accessToken)
  await page.getByText('19 tokens').waitFor({ timeout: 60_000 })
  // The token is held before the picture is made; it is counted when it is charged.
  const Uses = z.object({ totals: z.object({ uses: z.number() }) })
  await expect
    .poll(async () => Uses.parse(await ask('GET', '/statistics', undefined, accessToken)).totals.uses, {
      timeout: 60_000,
    })
    .toBeGreaterThan(0)
  await page.getByRole('link', { name: 'Statistics' }).click()
  const images = page.getByRole('region', { name: 'Pictures' })
  await images.waitFor()
  await page.getByRole('cell', { name: 'text-to-image' }).waitFor()
  await look(page, 'statistics')
})

test('the newcomer sees where they are signed in, and ends the other one', async () => {
  const { page } = person
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'My account' }).click()
  await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor()
  await page.getByRole('button', { name: 'End all others' }).click()
  await page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' })
  await look(page, 'profile')
})
