/** Bounds how many bytes of files are in memory at once. Who comes when the room is taken waits, with the body unread. */
import type { RequestHandler } from 'express'
import { ProblemError } from './problem.ts'

interface Waiting {
  size: number
  enter(): void
}

/** @param bytes of all bodies together; one that is larger than that enters when it is alone. */
export function createBodyRoom(bytes: number, patienceMs = 30_000): (largest: number) => RequestHandler {
  let taken = 0
  const line: Waiting[] = []
  const admit = () => {
    for (let next = line[0]; next && (taken === 0 || taken + next.size <= bytes); next = line[0]) {
      line.shift()
      taken += next.size
      next.enter()
    }
  }
  return (largest) => (request, response, next) => {
    const announced = Number(request.headers['content-length'] ?? largest)
    let entered = false
    const waiting: Waiting = {
      size: Math.min(announced, largest),
      enter() {
        entered = true
        clearTimeout(timer)
        next()
      },
    }
    const leaveLine = () => {
      const place = line.indexOf(waiting)
      if (place >= 0) line.splice(place, 1)
    }
    const timer = setTimeout(() => {
      leaveLine()
      next(
        new ProblemError('too-busy', 'Too many files come in at once.', {
          remedy: 'Send this one again in a moment.',
        }),
      )
    }, patienceMs)
    response.once('close', () => {
      clearTimeout(timer)
      leaveLine()
      if (entered) taken -= waiting.size
      admit()
    })
    line.push(waiting)
    admit()
  }
}
