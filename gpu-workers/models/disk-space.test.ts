/** Room is looked for before anything is written. */
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { requireRoom } from './disk-space.ts'

test('says how much is needed, how much is free, and what to do', async () => {
  await requireRoom(tmpdir(), 1)
  await expect(requireRoom(tmpdir(), 1e18)).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringMatching(
      /^1000000000\.0 GB are needed in .* GB are free\. Make room, or name another folder/,
    ),
  })
})
