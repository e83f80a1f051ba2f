/** A TCP line to a server that a test can cut and mend: what a killed and restarted server looks like from here. */
import net from 'node:net'

export type CuttableLine = Awaited<ReturnType<typeof layLine>>

export async function layLine(toHost: string, toPort: number) {
  const sockets = new Set<net.Socket>()
  let isCut = false
  const server = net.createServer((client) => {
    if (isCut) return void client.destroy()
    const upstream = net.connect(toPort, toHost)
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => sockets.delete(one))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend: () => void (isCut = false),
    close: () => server.close(),
  }
}
