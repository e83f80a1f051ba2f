/** Presets: saved, loaded, edited, shared, handed on as files; and what is wrong with one is said by name. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

interface Preset {
  id: string
  name: string
  params: Record<string, unknown>
  leftOut: { field: string; message: string }[]
  mine: boolean
  toolVersion: number
  toolVersionNow: number | null
  visibility: string
}

let studio: TestStudio
let mine: string
let colleague: string
let stranger: string
beforeAll(async () => {
  studio = await startTestStudio()
  mine = await studio.signInOwner()
  colleague = await studio.signInMember('colleague', 'department_member', 'My department')
  stranger = await studio.signInMember('stranger')
})
afterAll(() => studio.close())

const path = '/api/v1/presets'
const crack = { name: 'Fine crack', tool: 'draw-defect', params: { kind: 'crack', size: 0.1 } }
const make = async (json: object = crack, token = mine) =>
  (await studio.call<Preset>('POST', path, { token, json })).body
const names = async (token: string, query = '') =>
  (await studio.call('GET', path + query, { token })).body.items.map(({ name }) => name)

test('it is saved with the chosen params alone, found by tool and by name, edited, renamed and deleted', async () => {
  const { id } = await make()
  await make({ name: 'Studio light', tool: 'prompt', params: { text: 'soft light on brushed metal' } })
  expect(await names(mine, '?tool=draw-defect')).toEqual(['Fine crack'])
  expect(await names(mine, '?q=LIGHT')).toEqual(['Studio light'])
  expect(await names(mine, '?q=%25')).toEqual([])
  const json = { name: 'Coarse crack', params: { kind: 'crack', severity: 1 } }
  const changed = await studio.call<Preset>('PUT', `${path}/${id}`, { token: mine, json })
  expect(changed.body).toMatchObject({ ...json, leftOut: [], mine: true, visibility: 'private' })
  expect((await studio.call('DELETE', `${path}/${id}`, { token: mine })).status).toBe(204)
  expect((await studio.call('GET', `${path}/${id}`, { token: mine })).status).toBe(404)
})

test('params that the tool does not have, or out of its range, are refused by name', async () => {
  const params = { kind: 'crack', size: 9, colour: 'red' }
  const answer = await studio.call('POST', path, { token: mine, json: { ...crack, params } })
  expect(answer.status).toBe(422)
  expect(answer.body.detail).toBe('"size", "colour" cannot be part of a preset of Draw defect.')
  expect(answer.body.problems.map(({ field }) => field)).toEqual(['params.size', 'params.colour'])
  const nothing = await studio.call('POST', path, { token: mine, json: { ...crack, tool: 'no-such' } })
  expect(nothing.body.problems).toMatchObject([{ code: 'unknown-tool' }])
})

test('one of an older version of its tool loads what still fits, and says what does not', async () => {
  const { id } = await make()
  const params = { kind: 'crack', size: 3, gloss: 1 }
  await studio.db.preset.update({ where: { id }, data: { params } })
  const { body } = await studio.call<Preset>('GET', `${path}/${id}`, { token: mine })
  expect(body.params).toEqual({ kind: 'crack' })
  expect(body.leftOut.map(({ field }) => field)).toEqual(['size', 'gloss'])
  await studio.db.preset.update({ where: { id }, data: { tool: 'gone' } })
  const gone = (await studio.call<Preset>('GET', `${path}/${id}`, { token: mine })).body
  expect(gone).toMatchObject({ params: {}, toolVersionNow: null })
  expect(gone.leftOut[0]?.message).toBe('There is no tool "gone".')
})

test('the department reads and copies what is shared with it and changes nothing; others see nothing', async () => {
  const { id } = await make({ ...crack, name: 'Shared', visibility: 'department' })
  const hidden = await make({ ...crack, name: 'Hidden' })
  expect(await names(colleague, '?owner=others')).toEqual(['Shared'])
  expect(await names(stranger)).toEqual([])
  const copy = await studio.call<Preset>('POST', `${path}/${id}/duplicate`, {
    token: colleague,
    json: { name: 'Mine' },
  })
  expect(copy.body).toMatchObject({ name: 'Mine', params: crack.params, mine: true, visibility: 'private' })
  for (const [token, preset] of [
    [colleague, hidden.id],
    [stranger, id],
  ])
    for (const [method, end, json] of [
      ['GET', '', undefined],
      ['PUT', '', { name: 'x' }],
      ['DELETE', '', undefined],
      ['POST', '/duplicate', {}],
    ] as const)
      expect(
        (await studio.call(method, `${path}/${preset}${end}`, { token, json })).status,
        `${method} ${end}`,
      ).toBe(404)
  for (const [method, json] of [['PUT', { name: 'x' }] as const, ['DELETE', undefined] as const])
    expect((await studio.call(method, `${path}/${id}`, { token: colleague, json })).status).toBe(404)
  expect((await studio.call('GET', `${path}/export?ids=${id}`, { token: stranger })).status).toBe(404)
})

test('many at once leave in a file and come in again; what does not fit is listed with its place', async () => {
  const token = await studio.signInMember('exporter')
  for (const name of ['one', 'two', 'three']) await make({ ...crack, name }, token)
  const exported = await studio.call<{ presets: object[] }>('GET', `${path}/export`, { token })
  expect(exported.headers.get('content-disposition')).toContain('presets.json')
  const presets = [
    ...exported.body.presets,
    { ...crack, name: 'partly', params: { kind: 'crack', size: 'big' } },
    { ...crack, name: 'other studio', tool: 'laser-etch' },
    { ...crack, name: 'nothing left', params: { nothing: 1 } },
  ]
  const token2 = await studio.signInMember('importer')
  const json = { ...exported.body, presets }
  const answer = await studio.call<{ items: Preset[]; leftOut: object[] }>('POST', `${path}/import`, {
    token: token2,
    json,
  })
  expect(answer.status).toBe(201)
  expect(answer.body.items.map(({ name }) => name)).toEqual(['three', 'two', 'one', 'partly'])
  expect(answer.body.leftOut).toMatchObject([
    { index: 3, name: 'partly', problems: [{ field: 'size' }] },
    { index: 4, name: 'other studio', problems: [{ field: 'tool' }] },
    { index: 5, name: 'nothing left', problems: [{ field: 'nothing' }] },
  ])
  const newer = await studio.call('POST', `${path}/import`, { token, json: { ...json, version: 2 } })
  expect(newer.status).toBe(422)
  expect(newer.body.detail).toContain('a newer studio wrote it')
})

test('nobody fills the database with them', async () => {
  const token = await studio.signInMember('collector')
  const { id } = await studio.db.member.findFirstOrThrow({ where: { loginId: 'collector' } })
  const { departmentId } = await studio.db.member.findFirstOrThrow({ where: { id } })
  const row = { ...crack, ownerId: id, departmentId }
  await studio.db.preset.createMany({ data: Array.from({ length: 2_000 }, () => row) })
  const answer = await studio.call('POST', path, { token, json: crack })
  expect(answer.status).toBe(422)
  expect(answer.body.detail).toBe('You have 2000 presets; 2000 is the most.')
})
