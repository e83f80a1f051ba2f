/** Keeps the studio's processes running: starts them, restarts those that die with growing pauses, stops all in order. */
import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { processRecord, writeJson } from './run-folder.mjs'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
const HEALTHY_AFTER_MS = 60_000
/** So many deaths in a row without a healthy minute are shown as "failed"; it is still tried again. */
const FAILED_AFTER = 5

/**
 * @typedef {{
 *   state: 'starting' | 'running' | 'restarting' | 'stopped' | 'failed',
 *   pid: number | null, restarts: number, since: string, lastExit: string | null
 * }} ComponentState what the API shows of one component
 */

/** Pause before the next start after so many quick deaths in a row (1 is the first). */
export function restartPause(deaths) {
  return Math.min(FIRST_PAUSE_MS * 2 ** (deaths - 1), LONGEST_PAUSE_MS)
}

/**
 * A component is `{ name, command, args, options?, log, stopSignal?, stopTimeoutMs?, readyLine?, beforeStart? }`:
 * `readyLine` is a pattern in its output that says it is up (without one it counts as running once it exists).
 * `componentsFile` holds the state of all for the API to show; `pidsFile` is for the next start, should this one be killed.
 */
export function createSupervisor({ componentsFile, pidsFile, onEvent = () => {} }) {
  const running = []
  const stopping = new AbortController()

  function save() {
    writeJson(
      componentsFile,
      running.map(({ component, state }) => ({ name: component.name, ...state })),
    )
    const alive = running.filter(({ child }) => child?.pid !== undefined)
    writeJson(
      pidsFile,
      alive.map((entry) => entry.record),
    )
  }

  function setState(entry, change) {
    Object.assign(entry.state, change, { since: new Date().toISOString() })
    save()
    onEvent(entry.component, entry.state)
  }

  async function launch(entry) {
    const { component } = entry
    await component.beforeStart?.()
    if (stopping.signal.aborted) return
    const startedAt = Date.now()
    const child = spawn(component.command, component.args, {
      windowsHide: true,
      ...component.options,
      stdio: ['ignore', 'pipe', 'pipe'],
      // In a group of its own: Ctrl-C must reach this process alone, which then stops the others in order.
      detached: process.platform !== 'win32',
    })
    entry.child = child
    entry.exited = new Promise((resolve) => {
      child.once('error', (error) => {
        component.log.write(`${error.message}\n`)
        resolve(undefined)
        onExit(entry, { startedAt, code: null, signal: null, reason: error.message })
      })
      child.once('exit', (code, signal) => {
        resolve(undefined)
        onExit(entry, { startedAt, code, signal, reason: signal ?? `exit code ${code}` })
      })
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => {
        component.log.write(chunk)
        if (entry.state.state !== 'running' && component.readyLine?.test(chunk))
          setState(entry, { state: 'running' })
      })
    }
    if (child.pid === undefined) return
    entry.record = processRecord(component.name, child.pid)
    setState(entry, { state: component.readyLine ? 'starting' : 'running', pid: child.pid })
  }

  function onExit(entry, { startedAt, code, signal, reason }) {
    entry.child = undefined
    if (stopping.signal.aborted) return setState(entry, { state: 'stopped', pid: null })
    entry.deaths = Date.now() - startedAt > HEALTHY_AFTER_MS ? 1 : entry.deaths + 1
    const pause = restartPause(entry.deaths)
    entry.component.log.write(
      `${JSON.stringify({ time: new Date().toISOString(), msg: 'process ended', code, signal, restartInMs: pause })}\n`,
    )
    setState(entry, {
      state: entry.deaths >= FAILED_AFTER ? 'failed' : 'restarting',
      pid: null,
      restarts: entry.state.restarts + 1,
      lastExit: reason,
    })
    void relaunch(entry, pause)
  }

  async function relaunch(entry, pause) {
    try {
      await wait(pause, undefined, { signal: stopping.signal })
      await launch(entry)
    } catch (error) {
      if (stopping.signal.aborted) return
      onExit(entry, { startedAt: Date.now(), code: null, signal: null, reason: error.message })
    }
  }

  return {
    /** Starts a component; resolves once its process exists. */
    async start(component) {
      const entry = {
        component,
        deaths: 0,
        state: { state: 'starting', pid: null, restarts: 0, since: new Date().toISOString(), lastExit: null },
      }
      running.push(entry)
      save()
      await launch(entry)
    },
    /** @type {(name: string) => ComponentState | undefined} */
    stateOf: (name) => running.find(({ component }) => component.name === name)?.state,
    /** @type {() => ({ name: string } & ComponentState)[]} */
    states: () => running.map(({ component, state }) => ({ name: component.name, ...state })),
    log: (name) => running.find(({ component }) => component.name === name)?.component.log,
    /** Stops the components, last started first: asks, waits, then kills. */
    async stop() {
      stopping.abort()
      for (const entry of running.toReversed()) await stopOne(entry)
      save()
    },
    /** Ends every process now; for the impatient second Ctrl-C. */
    kill() {
      stopping.abort()
      for (const { child } of running) child?.kill('SIGKILL')
    },
  }

  async function stopOne(entry) {
    const { component, child, exited } = entry
    if (!child) return setState(entry, { state: 'stopped', pid: null })
    child.kill(component.stopSignal ?? 'SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), component.stopTimeoutMs ?? 10_000)
    await exited
    clearTimeout(timer)
  }
}
