/** `npm test`: the one gate. Every check runs even after one failed, and the last line counts them. */
import fs from 'node:fs'
import path from 'node:path'
import { CHROMIUM_REMEDY, findChromium, installChromium } from './find-chromium.mjs'
import { findTemporal } from './find-temporal.mjs'
import { obtainVersitygw } from './find-versitygw.mjs'
import { countTests } from './gate/count-tests.mjs'
import { printStep, runStep } from './gate/run-step.mjs'
import { prepare, ROOT } from './prepare.mjs'
import { setupPython } from './setup-python.mjs'

const total = { passed: 0, failed: 0, skipped: 0 }
const isCi = process.env.CI === 'true'

await gate()
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1

async function gate() {
  // Nothing below can run without these two.
  if (!(await inProcess('dependencies', () => prepare()))) return
  if (!(await inProcess('temporal server', () => findTemporal({ report: console.log })))) return
  await inPairs([
    ['generated files', ['scripts/gen.mjs', '--check']],
    ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.']],
    ['types', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']],
    ['types of the editor', ['node_modules/typescript/bin/tsc', '-p', 'editor/tsconfig.json']],
    [
      'lint',
      ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0'],
      { NODE_OPTIONS: '--max-old-space-size=4096' },
    ],
    ['arrows', ['scripts/check-arrows.mjs']],
    ['dead code', ['node_modules/knip/bin/knip.js', '--no-progress']],
    ['build', ['scripts/build.mjs']],
  ])
  await python()
  await s3Server()
  await tests('tests', ['--project', 'rooms'])
  await journeys()
}

/** Conversion is tested with the real tools, fetched once. Where they cannot be had, its tests are counted as skipped. */
async function python() {
  try {
    await setupPython()
  } catch (error) {
    console.log(`no Python   the tests of conversion cannot run: ${error.message}`)
  }
}

/** Buckets are read from a real S3 server, built once. Where it cannot be had, its tests are counted as skipped. */
async function s3Server() {
  try {
    await obtainVersitygw({ report: console.log })
  } catch (error) {
    console.log(`no S3       the tests of buckets cannot run: ${error.message}`)
  }
}

/** Two at a time: most of these use one core. */
async function inPairs(checks) {
  const waiting = [...checks]
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const [name, args, env] = check
      count(await runStep(name, args, { cwd: ROOT, env, buffered: true }))
    }
  }
  await Promise.all([work(), work()])
}

async function tests(name, args, env) {
  const reportFile = path.join(ROOT, '.data', `gate-${name.replaceAll(' ', '-')}.json`)
  fs.rmSync(reportFile, { force: true })
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json']
  const isPassed = await runStep(name, [...vitest, `--outputFile.json=${reportFile}`, ...args], {
    cwd: ROOT,
    env,
  })
  const counted = countTests(reportFile, isPassed)
  for (const key of Object.keys(total)) total[key] += counted[key]
}

/** The whole studio, driven from outside: from a terminal, and from a browser where there is one. */
async function journeys() {
  const browser = findChromium() ?? (installChromium(console.log) ? findChromium() : undefined)
  if (browser) return tests('journeys', ['--project', 'e2e'], { CHROMIUM_PATH: browser })
  await tests('journeys', ['--project', 'e2e', 'scripts/e2e'])
  console.log(`${isCi ? 'FAILED' : 'skipped'}  browser journey: no browser found; ${CHROMIUM_REMEDY}`)
  if (isCi) total.failed++
  else total.skipped++
}

async function inProcess(name, work) {
  const began = Date.now()
  let isPassed = true
  try {
    await work()
  } catch (error) {
    console.log(error.message)
    isPassed = false
  }
  printStep(name, isPassed, began)
  count(isPassed)
  return isPassed
}

function count(isPassed) {
  if (isPassed) total.passed++
  else total.failed++
}
