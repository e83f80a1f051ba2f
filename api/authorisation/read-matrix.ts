/** Reads the matrix: which answer each caller gets for each object, as it is written down. */
import { callers, type CallerName } from './people.fixtures.ts'

/** Whose object it is. */
export const places = ['own', 'department', 'foreign'] as const
export type Place = (typeof places)[number]

/** `+` allowed, whatever becomes of it otherwise; 1, 3 and 4: refused with 401, 403 and 404. */
export type Answer = '+' | '1' | '3' | '4'

export interface Row {
  route: string
  scope: string
  /** The kind of object that it is about; null: no object, or always the caller's own things. */
  object: string | null
  expected(caller: CallerName, place: Place): Answer
}

/** @throws Error that names the line which is wrong. */
export function readMatrix(profiles: string, rows: string): Row[] {
  const known = new Map(linesOf(profiles).map(readProfile))
  return linesOf(rows).map((line) => {
    const [route, profile, scope, object] = line.split('|').map((cell) => cell.trim())
    const cells = known.get(profile ?? '')
    if (!route || !cells || !scope) throw new Error(`This line of the matrix has no known profile: ${line}`)
    return {
      route,
      scope,
      object: object || null,
      expected: (caller, place) => answerIn(cells[callers.indexOf(caller)], place),
    }
  })
}

function readProfile(line: string): [string, string[]] {
  const [name = '', cells = ''] = line.split('|').map((cell) => cell.trim())
  const answers = cells.split(/\s+/)
  if (answers.length !== callers.length || !answers.every((cell) => /^([+134]|[+134]{3})$/.test(cell)))
    throw new Error(`This profile has not one cell for each of ${callers.length} callers: ${line}`)
  return [name, answers]
}

function answerIn(cell: string | undefined, place: Place): Answer {
  const answer = cell?.length === 1 ? cell : cell?.[places.indexOf(place)]
  if (answer === '+' || answer === '1' || answer === '3' || answer === '4') return answer
  throw new Error('The profile has no cell for this caller.')
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}
