/** Short memory: half as many pictures, once; then a failure that says what to lower. */
import { StudioError } from '@defect-studio/nodes'
import { describe, expect, it } from 'vitest'
import { inBatches } from './in-batches.ts'
import { picturesAtOnce, rowBytes } from './pictures-at-once.ts'

/** Draws as a device would that holds `room` pictures. */
function createDevice(room: number) {
  const sizes: number[] = []
  let made = 0
  return {
    sizes,
    roomMade: () => made,
    makeRoom: async () => void made++,
    draw: async (seeds: readonly number[]) => {
      sizes.push(seeds.length)
      if (seeds.length > room)
        throw new StudioError('out-of-memory', 'There is not enough memory to run unet.')
      return { pictures: seeds.map((seed) => `picture ${seed}`), notes: ['cut'] }
    },
  }
}

describe('inBatches', () => {
  it('halves a batch that does not fit, and goes on with the half', async () => {
    const device = createDevice(3)
    const { pictures, notes } = await inBatches(
      { seeds: [1, 2, 3, 4, 5, 6], atOnce: 5, ...device },
      device.draw,
    )
    expect(device.sizes).toEqual([5, 3, 3])
    expect(device.roomMade()).toBe(1)
    expect(pictures).toEqual([1, 2, 3, 4, 5, 6].map((seed) => `picture ${seed}`))
    expect(notes).toEqual(['cut'])
  })

  it('gives up when half does not fit either, and names the numbers to lower', async () => {
    const device = createDevice(1)
    const drawing = inBatches({ seeds: [1, 2, 3, 4, 5, 6], atOnce: 8, ...device }, device.draw)
    await expect(drawing).rejects.toMatchObject({ type: 'out-of-memory' })
    await expect(drawing).rejects.toThrow(/for 3 pictures at once.*Lower the batch size, or width and height/)
    expect(device.sizes).toEqual([6, 3])
  })

  it('tries a single picture once more with the memory of unused models', async () => {
    const device = createDevice(0)
    const drawing = inBatches({ seeds: [1], atOnce: 1, ...device }, device.draw)
    await expect(drawing).rejects.toThrow(/for one picture.*Lower width and height/)
    expect([device.sizes, device.roomMade()]).toEqual([[1, 1], 1])
  })

  it('does not try again what failed for another reason', async () => {
    const device = createDevice(9)
    const draw = () => Promise.reject(new StudioError('model-broken', 'No.'))
    await expect(inBatches({ seeds: [1, 2], atOnce: 2, ...device }, draw)).rejects.toThrow('No.')
  })
})

describe('picturesAtOnce', () => {
  it('counts what fits, twice as much without guidance, and never less than one', () => {
    const latents = { width: 64, height: 64 }
    const free = 10 * rowBytes(latents)
    expect(picturesAtOnce(latents, true, free)).toBe(4)
    expect(picturesAtOnce(latents, false, free)).toBe(8)
    expect(picturesAtOnce(latents, true, 0)).toBe(1)
  })
})
