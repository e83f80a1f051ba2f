/** Finds a Chromium for the browser tests, or installs Debian's when we are allowed to; downloads no browser of its own. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { programOnPath } from './program-on-path.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge']
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** @returns {string | undefined} the browser's program: CHROMIUM_PATH, on PATH, or where installers put it. */
export function findChromium(env = process.env) {
  const known = [env.CHROMIUM_PATH, ...NAMES.map((name) => programOnPath(name, env)), ...PLACES]
  return known.find((file) => file && fs.existsSync(file))
}

export const CHROMIUM_REMEDY =
  'install Chromium or Chrome (on Debian "apt-get install chromium"), or set CHROMIUM_PATH to its program'

/** Installs Debian's package when this is root on Debian or its kin. @returns {boolean} whether a browser is there now */
export function installChromium(report) {
  if (process.getuid?.() !== 0 || !programOnPath('apt-get')) return false
  report('Browser: none found, installing the package "chromium"')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (status !== 0) {
      report(`Browser: apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1)}`)
      return false
    }
  }
  return findChromium() !== undefined
}
