/** Runs a program to its end and answers what it printed; a failure carries the last lines that it said. */
import { spawn } from 'node:child_process'

/** Ends a child when this process ends, whatever ends it but SIGKILL. */
export function endWithUs(child) {
  const end = () => child.kill()
  process.once('exit', end)
  child.once('close', () => process.off('exit', end))
}

/** @returns {Promise<string>} standard output; rejects with both outputs' tail when the exit code is not 0. */
export function execFileText(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { windowsHide: true, ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    endWithUs(child)
    let stdout = ''
    let tail = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
      tail = (tail + chunk).slice(-4000)
    })
    child.stderr.on('data', (chunk) => (tail = (tail + chunk).slice(-4000)))
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout)
      else reject(new Error(`${command} ended with ${signal ?? `exit code ${code}`}: ${tail.trim()}`))
    })
  })
}
