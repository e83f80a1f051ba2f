/** A port in use is never chosen, and never a port that is promised already. */
import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { freePort, isPortFree } from './free-port.mjs'

test('a taken port is passed over, a free one is kept', async () => {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port: taken } = server.address() as AddressInfo
  expect(await isPortFree(taken)).toBe(false)
  const free = await freePort([taken])
  expect(free).not.toBe(taken)
  server.close()
})

test('a promised port is not given twice', async () => {
  const first = await freePort()
  expect(await freePort([first], { avoid: new Set([first]) })).not.toBe(first)
})
