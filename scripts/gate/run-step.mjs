/** Runs one step of the gate as a process, keeps its output together, and says how long it took. */
import { spawn } from 'node:child_process'

/**
 * Output of a step appears as it comes, or, with `buffered`, at its end and only if it failed.
 * @returns {Promise<boolean>} whether it ended with 0
 */
export function runStep(name, args, { cwd, env = {}, buffered = false }) {
  const began = Date.now()
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1', ...env },
      stdio: buffered ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
    child.once('error', (error) => {
      console.log(error.message)
      resolve(false)
    })
    child.once('close', (code) => {
      const isPassed = code === 0
      if (!isPassed) console.log(output.trim())
      printStep(name, isPassed, began)
      resolve(isPassed)
    })
  })
}

/** `ok    types (12.3 s)` */
export function printStep(name, isPassed, began) {
  console.log(`${isPassed ? 'ok    ' : 'FAILED'}  ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
}
