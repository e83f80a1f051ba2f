/** Finds loopback ports that nobody listens on, so that a taken port is never a reason not to start. */
import net from 'node:net'

/** Whether a server can listen there now. */
export function isPortFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** The first free port of `preferred`, else any free one. `avoid` holds ports promised to someone else. */
export async function freePort(preferred = [], { host = '127.0.0.1', avoid = new Set() } = {}) {
  for (const port of preferred) {
    if (!avoid.has(port) && (await isPortFree(port, host))) return port
  }
  for (;;) {
    const port = await anyPort(host)
    if (!avoid.has(port)) return port
  }
}

function anyPort(host) {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen({ port: 0, host }, () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
