/** Reminders come by the clock, and a lost message only delays. */
import { expect, test } from 'vitest'
import { waitForReview } from './wait-for-review.ts'

/** @param decidedAfter hours after which `poll` finds a decision. */
async function hoursOf(decidedAfter: number, remindEveryHours: number, messageAfter = Infinity) {
  let hours = 0
  const reminded: [number, number][] = []
  await waitForReview(
    {
      remindEveryHours,
      remind: async (round) => void reminded.push([round, hours]),
      poll: async () => hours >= decidedAfter,
    },
    async () => ++hours >= messageAfter,
  )
  return { hours, reminded }
}

test('whoever has not decided is reminded every so many hours', async () => {
  expect(await hoursOf(50, 24)).toEqual({
    hours: 50,
    reminded: [
      [1, 24],
      [2, 48],
    ],
  })
})

test('a message ends the wait at once', async () => {
  expect(await hoursOf(Infinity, 24, 3)).toEqual({ hours: 3, reminded: [] })
})

test('a decision whose message was lost is found within the hour, without another reminder', async () => {
  expect(await hoursOf(24, 24)).toEqual({ hours: 24, reminded: [] })
})
