/** Schedules come when people expect them, and those that never come are found out. */
import { expect, test } from 'vitest'
import { nextTimes, Timing } from './timing.ts'

const from = new Date('2026-11-24T00:00:00Z')
const times = (timing: unknown, zone = 'UTC', count = 2) =>
  nextTimes(Timing.parse(timing), zone, from, count).map((time) => time.toISOString())

test.each([
  [
    'a cron line in its time zone',
    { kind: 'cron', cron: '30 9 * * *' },
    'Asia/Seoul',
    '2026-11-24T00:30:00.000Z',
  ],
  [
    'an interval from midnight on',
    { kind: 'interval', everySeconds: 3600 },
    'UTC',
    '2026-11-24T01:00:00.000Z',
  ],
  [
    'an interval with an offset',
    { kind: 'interval', everySeconds: 3600, offsetSeconds: 300 },
    'UTC',
    '2026-11-24T00:05:00.000Z',
  ],
  [
    'a calendar of week days',
    { kind: 'calendar', daysOfWeek: [1], hours: [8] },
    'UTC',
    '2026-11-30T08:00:00.000Z',
  ],
  [
    'a calendar whose days are both',
    { kind: 'calendar', daysOfMonth: [1], daysOfWeek: [1], hours: [0] },
    'UTC',
    '2027-02-01T00:00:00.000Z',
  ],
])('%s', (_name, timing, zone, first) => {
  expect(times(timing, zone)[0]).toBe(first)
})

test('a date that no year has never comes', () => {
  expect(times({ kind: 'cron', cron: '0 0 31 2 *' })).toEqual([])
  expect(times({ kind: 'calendar', months: [2], daysOfMonth: [30], hours: [0] })).toEqual([])
})

test('the 29th of February comes in leap years', () => {
  expect(times({ kind: 'cron', cron: '0 0 29 2 *' })[0]).toBe('2028-02-29T00:00:00.000Z')
})

test('a line or a time zone that cannot be read says so in words', () => {
  expect(() => times({ kind: 'cron', cron: '61 0 * * *' })).toThrow('The cron line cannot be read')
  expect(() => times({ kind: 'cron', cron: '0 0 * * *' }, 'Mars/Olympus')).toThrow(
    'There is no such time zone',
  )
  expect(Timing.safeParse({ kind: 'cron', cron: '0 0 * *' }).success).toBe(false)
})
