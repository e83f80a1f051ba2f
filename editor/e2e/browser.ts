/** Opens a Chromium that is on this machine, and collects what the pages complain about. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { findChromium } from '../../scripts/find-chromium.mjs'

export interface OpenBrowser {
  context: BrowserContext
  page: Page
  /** Errors that the page threw or wrote to its console. */
  complaints: string[]
}

export async function openBrowser(): Promise<OpenBrowser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium: install it, or set CHROMIUM_PATH to its program.')
  const profile = await mkdtemp(join(tmpdir(), 'studio-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    // No sandbox: the tests also run as root. The rest keeps the browser from asking its maker for anything.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    viewport: { width: 1440, height: 860 },
    locale: 'en-US',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  })
  const page = context.pages()[0] ?? (await context.newPage())
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // Asking for a new access token without having signed in is answered with 401, as it should be.
    if (message.type() === 'error' && !message.location().url.endsWith('/api/v1/auth/refresh'))
      complaints.push(`${message.text()} (${message.location().url})`)
  })
  return { context, page, complaints }
}
