/** Models come from the hub as it speaks: resumed where the line was cut, refused where a checksum is another. */
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstallEvent } from '@defect-studio/nodes'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { filesBelow } from '../check-files.ts'
import { goldensFolder, makePlace, type TestPlace } from '../install.test-support.ts'
import { commit, startHub, type TestHub } from './hub.test-support.ts'

const hubId = 'somebody/tiny-sd'
const unet = 'unet/model.onnx'
const card = { cardData: { license: 'creativeml-openrail-m' } }

let place: TestPlace
let hub: TestHub
beforeEach(async () => {
  place = await makePlace()
  const files: Record<string, Buffer> = {
    'README.md': Buffer.from('# Tiny'),
    'v1-5-pruned.ckpt': Buffer.alloc(1000),
    'unet/diffusion_pytorch_model.bin': Buffer.alloc(1000),
    'safety_checker/model.onnx': Buffer.alloc(1000),
  }
  const folder = join(goldensFolder, 'tiny-sd')
  for (const path of await filesBelow(folder)) files[path] = await readFile(join(folder, path))
  hub = await startHub(hubId, files, card)
})
afterEach(async () => {
  await hub.close()
  await place.remove()
})

const access = (token?: string) => ({ hub: { endpoint: hub.endpoint, token } })
const source = { from: 'hub' as const, hubId }
const pull = (token?: string) => place.install(source, { acceptLicence: true }, access(token))
const gets = (server: string, path: string) =>
  hub.seen.filter((line) => line.startsWith(`${server} GET`) && line.includes(path))

/** Calls `then` when each of these numbers of bytes of the UNet is here. */
function atBytes(marks: number[], then: () => void) {
  let start: number | undefined
  return (event: InstallEvent) => {
    if (event.type !== 'step' || event.what !== unet || event.step !== 'download') return
    start ??= event.done
    if (event.done - start !== marks[0]) return
    marks.shift()
    then()
  }
}

const cutAt = (...marks: number[]) => atBytes(marks, () => hub.mood.cut?.())

describe('pulling', () => {
  it('brings the files that are needed and no pickle, with the licence and the commit written down', async () => {
    const model = await pull()
    expect(model).toMatchObject({
      id: 'tiny-sd',
      licence: 'creativeml-openrail-m',
      origin: `hub:${hubId}@${commit}`,
      attention: 'unfused',
    })
    expect(hub.seen[0]).toBe(`hub GET /api/models/${hubId}/revision/main?blobs=true`)
    for (const never of ['.ckpt', '.bin', 'safety_checker', 'README'])
      expect(hub.seen.filter((line) => line.includes(never))).toEqual([])
    expect(place.events).toContainEqual(
      expect.objectContaining({ type: 'licence', licence: 'creativeml-openrail-m', accepted: true }),
    )
    expect(await readFile(join(place.modelsDir, 'tiny-sd', unet))).toEqual(
      await readFile(join(goldensFolder, 'tiny-sd', unet)),
    )
    // Nothing is kept of the download itself.
    expect(await readdir(join(place.modelsDir, '.downloads'))).toEqual([])
  })

  it('installs by a name of the catalogue, with the files and the config that it names', async () => {
    const net = await readFile(join(goldensFolder, 'tiny-matting/model.onnx'))
    const other = await startHub('BritishWerewolf/U-2-Netp', { 'onnx/model.onnx': net, 'config.json': Buffer.from('{}') }, {}) // prettier-ignore
    const world = { hub: { endpoint: other.endpoint, token: undefined } }
    const order = { acceptLicence: true }
    const model = await place
      .install({ from: 'catalogue', name: 'u2net-small' }, order, world)
      .finally(other.close)
    expect(model).toMatchObject({ id: 'u2net-small', kind: 'matting', licence: 'Apache-2.0' })
    expect(model.title).toBe('U²-Net, small')
    expect((await readdir(join(place.modelsDir, 'u2net-small'))).toSorted()).toEqual([
      '.studio-model.json',
      'about.json',
      'config.json',
      'model.onnx',
    ])
  })

  it('says how many bytes of all are here', async () => {
    await pull()
    const progress = place.events.flatMap((event) =>
      event.type === 'step' && event.step === 'download' ? [event] : [],
    )
    const last = progress.at(-1)
    expect(last?.done).toBe(last?.total)
    expect(progress.every(({ done }, i) => i === 0 || done >= progress[i - 1]!.done)).toBe(true)
  })

  it('goes on where the line was cut, with the part that is missing', async () => {
    hub.mood.cuts = [
      { path: unet, after: 100_000 },
      { path: unet, after: 50_000 },
    ]
    await place.install(source, { acceptLicence: true }, { ...access(), emit: cutAt(100_000, 150_000) })
    const asked = gets('store', encodeURIComponent(unet)).map((line) => /range=(.*)/.exec(line)?.[1])
    expect(asked).toEqual([undefined, 'bytes=100000-', 'bytes=150000-'])
    // Each try asks the hub for a freshly signed address.
    expect(gets('hub', unet)).toHaveLength(3)
  })

  it('goes on in another try with what an earlier one brought', async () => {
    const stop = new AbortController()
    hub.mood.cuts = [{ path: unet, after: 100_000 }]
    const emit = atBytes([100_000], () => stop.abort(new Error('stopped')))
    const order = { acceptLicence: true }
    await expect(place.install(source, order, { ...access(), signal: stop.signal, emit })).rejects.toThrow(
      'stopped',
    )
    expect(await place.left()).toEqual(['.downloads'])
    const before = hub.seen.length
    await pull()
    const again = hub.seen.slice(before)
    expect(again.filter((line) => line.includes('text_encoder%2Fmodel.onnx'))).toEqual([])
    expect(again.find((line) => line.startsWith('store') && line.includes('unet'))).toMatch(
      /range=bytes=100000-/,
    )
  })

  it('deletes what has come when whoever stops it will not come back', async () => {
    const stop = new AbortController()
    const emit = (event: { type: string; step?: string }) => {
      if (event.step === 'download') stop.abort(new Error('stopped'))
    }
    const world = { ...access(), signal: stop.signal, emit, keepDownload: () => false }
    await expect(place.install(source, { acceptLicence: true }, world)).rejects.toThrow('stopped')
    expect(await readdir(join(place.modelsDir, '.downloads'))).toEqual([])
  })

  it('takes everything again from a store that knows no ranges', async () => {
    hub.mood.cuts = [{ path: unet, after: 100_000 }]
    hub.mood.ignoresRanges = true
    const world = { ...access(), emit: cutAt(100_000) }
    expect(await place.install(source, { acceptLicence: true }, world)).toMatchObject({ id: 'tiny-sd' })
    expect(gets('store', encodeURIComponent(unet))).toHaveLength(2)
  })

  it('shows its token to the hub alone, and takes a gated model with it', async () => {
    hub.mood.gated = true
    await expect(pull()).rejects.toMatchObject({
      code: 'hub-refused',
      message: expect.stringContaining('set HF_TOKEN'),
    })
    expect(await pull('hf_right')).toMatchObject({ id: 'tiny-sd' })
    expect(hub.tokensAtStore).toEqual([])
  })
})

describe('refusing', () => {
  it.each([
    ['in large-file storage', unet],
    ['in git', 'scheduler/scheduler_config.json'],
  ])('installs nothing when the checksum of a file %s is another', async (_where, path) => {
    hub.mood.garbled = path
    await expect(pull()).rejects.toMatchObject({
      code: 'wrong-checksum',
      message: expect.stringContaining(path),
    })
    expect(await place.left()).toEqual(['.downloads'])
    // The bytes are gone, so another try is not the same again.
    delete hub.mood.garbled
    expect(await pull()).toMatchObject({ id: 'tiny-sd' })
  })

  it('says that an id does not exist, or a revision', async () => {
    const nobody = { from: 'hub' as const, hubId: 'nobody/nothing' }
    await expect(place.install(nobody, { acceptLicence: true }, access())).rejects.toMatchObject({
      code: 'not-on-hub',
      message: expect.stringContaining('There is no model nobody/nothing at'),
    })
    const old = { ...source, revision: 'v9' }
    await expect(place.install(old, { acceptLicence: true }, access())).rejects.toMatchObject({
      code: 'not-on-hub',
      message: expect.stringContaining('has no such revision'),
    })
    expect(await place.left()).toEqual([])
  })

  it('downloads nothing while the licence is not accepted', async () => {
    await expect(place.install(source, {}, access())).rejects.toMatchObject({ code: 'licence-declined' })
    expect(hub.seen).toHaveLength(1)
    expect(place.events).toContainEqual(expect.objectContaining({ type: 'licence', accepted: false }))
  })

  it('says that the hub cannot be reached', async () => {
    const gone = { hub: { endpoint: 'http://127.0.0.1:9', token: undefined } }
    await expect(place.install(source, { acceptLicence: true }, gone)).rejects.toMatchObject({
      code: 'hub-unreachable',
    })
  })
})
