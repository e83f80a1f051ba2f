/** Every route, asked by everybody for everybody's things, answers as the matrix says. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../routes/index.ts'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'
import { profiles, rows } from './matrix.ts'
import { createObjects, type Parts } from './objects.fixtures.ts'
import { callers, createPeople, type CallerName, type People } from './people.fixtures.ts'
import { places, readMatrix, type Answer, type Place, type Row } from './read-matrix.ts'
import { bodies, endsSessions, queries } from './requests.fixtures.ts'

let studio: TestStudio
let people: People
let objects: ReturnType<typeof createObjects>
beforeAll(async () => {
  studio = await startTestStudio()
  people = await createPeople(studio)
  objects = createObjects(studio, people)
})
afterAll(() => studio.close())

const matrix = readMatrix(profiles, rows)
const nameOf = ({ method, path }: { method: string; path: string }) => `${method.toUpperCase()} ${path}`

test('every route has a row, and every row a route', () => {
  const written = matrix.map(({ route }) => route)
  const there = routes.map(nameOf)
  expect(
    there.filter((name) => !written.includes(name)),
    'routes without a row in api/authorisation/matrix.ts',
  ).toEqual([])
  expect(
    written.filter((name) => !there.includes(name)),
    'rows without a route',
  ).toEqual([])
  expect(
    written.filter((name, index) => written.indexOf(name) !== index),
    'rows that come twice',
  ).toEqual([])
})

test.each(matrix.filter(({ route }) => routes.some((each) => nameOf(each) === route)))(
  '$route',
  async (row) => {
    const wrong: string[] = []
    const asked = row.object === null ? (['own'] as const) : places
    for (const place of asked)
      for (const caller of callers) {
        const expected = row.expected(caller, place)
        const got = await ask(row, caller, place, expected)
        if (!got.startsWith(expected)) wrong.push(`${caller}, ${place}: ${expected} was expected, not ${got}`)
      }
    expect(wrong).toEqual([])
  },
)

/** @returns the class of the answer, and the answer where it is no plain one. */
async function ask(row: Row, caller: CallerName, place: Place, expected: Answer): Promise<string> {
  const [method = '', path = ''] = row.route.split(' ')
  const kind = row.object ?? 'nothing'
  // Whoever may change it gets one that nobody has changed before.
  const isFresh = expected === '+' && method !== 'GET'
  const parts = await (isFresh ? objects.make(kind, place) : objects.keep(kind, place))
  const body = bodies[row.route]?.(parts)
  const isFatal = expected === '+' && endsSessions.has(row.route)
  const token =
    (isFatal ? await people.double(caller) : undefined) ?? (await people.tokenOf(caller, row.scope))
  const answer = await fetch(`${studio.url}/api/v1${fill(path, parts)}${queries[row.route]?.(parts) ?? ''}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream')
  const text = isStream ? '' : await answer.text()
  await answer.body?.cancel().catch(() => undefined)
  const { status } = answer
  if (status === 401) return '1'
  if (status === 403) return '3'
  if (status === 404) return '4'
  // What this test's studio lacks, such as a folder of models, is answered with 503.
  return status >= 500 && status !== 503 ? `${status} ${text.slice(0, 300)}` : '+'
}

const fill = (path: string, parts: Parts): string =>
  path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(parts[name] ?? parts.id))
