/** Which files of a folder count as pictures. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { kindOfPath, pictureFiles } from './picture-files.ts'

test('finds pictures by name in subfolders, keeps strange names, follows no links', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'studio-cli-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'b c'))
  for (const name of ['z.JPG', 'y.bmp', 'b c/ü 한글.png', 'notes.txt', '.png'])
    await writeFile(join(folder, name), '')
  await symlink('/etc/hostname', join(folder, 'link.png'))
  const { pictures, passedOver } = await pictureFiles(folder)
  expect(pictures.map((picture) => picture.name)).toEqual(['b c/ü 한글.png', 'y.bmp', 'z.JPG'])
  expect(passedOver).toEqual(['.png', 'notes.txt'])
})

test('says which path does not exist', async () => {
  await expect(kindOfPath('/no/such/place')).rejects.toThrow('/no/such/place')
})
