/** Waits until servers answer, and gives up with words about the one that does not. */
import net from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Repeats `check` until it is true; throws `message()` when it is not within `timeoutMs`. */
export async function waitUntil(check, { timeoutMs, message, pollMs = 100 }) {
  const end = Date.now() + timeoutMs
  while (!(await check())) {
    if (Date.now() > end) throw new Error(message())
    await wait(pollMs)
  }
}

/** Whether something accepts connections there. */
export function accepts(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const socket = net.connect(port, host)
    const done = (answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(1_000, () => done(false))
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
}

/** What GET /api/v1/health says: its status (0 while nobody answers) and its body if it is JSON. */
export async function health(url) {
  try {
    const response = await fetch(`${url}/api/v1/health`, { signal: AbortSignal.timeout(5_000) })
    return { status: response.status, body: await response.json().catch(() => undefined) }
  } catch {
    return { status: 0, body: undefined }
  }
}
