/** However many send files at once, only so many bytes are taken in; the others wait their turn. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import express from 'express'
import { expect, onTestFinished, test } from 'vitest'
import { createBodyRoom } from './body-room.ts'
import { errorMiddleware } from './error-middleware.ts'

/** A server whose room holds 10 bytes; what is inside stays until it is let out. */
async function openRoom(patienceMs?: number) {
  const inside: { name: string; letOut(): void }[] = []
  const arrivals: ((name: string) => void)[] = []
  const app = express()
  app.post(
    '/:name',
    createBodyRoom(10, patienceMs)(20),
    express.raw({ type: () => true }),
    (request, response) => {
      const name = String(request.params['name'])
      inside.push({ name, letOut: () => void response.end() })
      arrivals.shift()?.(name)
    },
  )
  app.use(errorMiddleware())
  const server: Server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  return {
    inside,
    send: (name: string, bytes: number, signal?: AbortSignal) =>
      fetch(`${url}/${name}`, { method: 'POST', body: 'x'.repeat(bytes), ...(signal ? { signal } : {}) }),
    arrival: () => new Promise<string>((resolve) => arrivals.push(resolve)),
  }
}

test('what fits enters at once, what does not waits until somebody has left', async () => {
  const room = await openRoom()
  const first = [room.arrival(), room.arrival()]
  const answers = [room.send('a', 6), room.send('b', 4)]
  expect((await Promise.all(first)).sort()).toEqual(['a', 'b'])
  const next = room.arrival()
  answers.push(room.send('c', 5))
  room.inside.find(({ name }) => name === 'b')?.letOut()
  await answers[1]
  // 4 bytes are free and c has 5: it is not let in before a has left.
  expect(room.inside.map(({ name }) => name)).not.toContain('c')
  room.inside.find(({ name }) => name === 'a')?.letOut()
  expect(await next).toBe('c')
  room.inside.at(-1)?.letOut()
  for (const answer of answers) expect((await answer).status).toBe(200)
})

test('a body larger than the room enters alone', async () => {
  const room = await openRoom()
  const arrival = room.arrival()
  const answer = room.send('large', 15)
  expect(await arrival).toBe('large')
  room.inside[0]?.letOut()
  expect((await answer).status).toBe(200)
})

test('who has waited long enough is told to come again; who hangs up gives the room back', async () => {
  const room = await openRoom(100)
  const leaving = new AbortController()
  const arrival = room.arrival()
  const first = room.send('a', 10, leaving.signal).catch(() => 'hung up')
  await arrival
  const late = await room.send('b', 1)
  expect([late.status, late.headers.get('retry-after')]).toEqual([503, '2'])
  expect(await late.json()).toMatchObject({ code: 'too-busy' })
  leaving.abort()
  expect(await first).toBe('hung up')
  const next = room.arrival()
  const answer = room.send('c', 10)
  expect(await next).toBe('c')
  room.inside.at(-1)?.letOut()
  expect((await answer).status).toBe(200)
})
