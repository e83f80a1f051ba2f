/** Real folders: what is listed, in which order, and that nothing outside is ever read. */
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listServerFolder, readServerPicture } from './server-folder.ts'
import type { SourceRoot } from './source-config.ts'

let base = ''
let root: SourceRoot
const run = promisify(execFile)
const put = async (name: string, text = 'x') => {
  const file = path.join(base, 'root', name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
}
const list = async (question: Partial<Parameters<typeof listServerFolder>[1]> = {}) =>
  (await listServerFolder(root, { path: '', pattern: '', recursive: true, ...question })).map(
    ({ name }) => name,
  )

beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'server-folder-'))
  await chmod(base, 0o755)
  root = { name: 'photos', department: null, folder: path.join(base, 'root') }
  for (const name of ['part10.png', 'part2.png', 'A.png', 'a.png', 'a.PNG', 'notes.txt']) await put(name)
  for (const name of ['line1/good/cam1_1.jpg', 'line1/bad/cam2_1.tiff', '사진/가.webp']) await put(name)
  await writeFile(path.join(base, 'secret.png'), 'secret')
  await symlink(path.join(base, 'secret.png'), path.join(root.folder, 'out.png'))
  await symlink(base, path.join(root.folder, 'up'))
  await symlink(path.join(root.folder, 'part2.png'), path.join(root.folder, 'in.png'))
  await symlink(path.join(root.folder, 'nowhere'), path.join(root.folder, 'broken.png'))
  await run('mkfifo', [path.join(root.folder, 'pipe.png')])
})
afterAll(() => rm(base, { recursive: true }))

test('lists pictures by their endings, 2 before 10, and passes over links that lead out, pipes and other files', async () => {
  const names = await list()
  expect(names).toHaveLength(9)
  expect(names.filter((name) => name.startsWith('part'))).toEqual(['part2.png', 'part10.png'])
  expect(names).toEqual(expect.arrayContaining(['A.png', 'a.png', 'a.PNG', 'in.png', '사진/가.webp']))
})

test('stays in the folder unless it is told to go on, and takes what fits a pattern', async () => {
  expect(await list({ recursive: false })).toHaveLength(6)
  expect(await list({ pattern: 'cam?_*' })).toEqual(['line1/bad/cam2_1.tiff', 'line1/good/cam1_1.jpg'])
  expect(await list({ pattern: '*/good/*' })).toEqual(['line1/good/cam1_1.jpg'])
  expect(await list({ pattern: '*.TXT' })).toEqual(['notes.txt'])
  expect(await list({ path: 'line1' })).toEqual(['bad/cam2_1.tiff', 'good/cam1_1.jpg'])
})

test.each(['..', '../root', '/etc', 'up', 'nowhere', 'a\0b'])('never lists %j', async (below) => {
  await expect(list({ path: below })).rejects.toMatchObject({ problem: { field: 'path' } })
})

test.each([
  ['../secret.png', 'leads out of that folder'],
  ['out.png', 'leads out of that folder'],
  ['up/secret.png', 'leads out of that folder'],
  ['gone.png', 'is no longer there'],
  ['pipe.png', 'is no longer a file'],
  ['line1', 'is no longer a file'],
])('never reads %s', async (file, message) => {
  await expect(readServerPicture(root, file)).rejects.toMatchObject({
    type: 'invalid-input',
    message: expect.stringContaining(message) as string,
  })
})

test('reads what is inside, also through a link', async () => {
  await put('part2.png', 'two')
  expect(new TextDecoder().decode(await readServerPicture(root, 'in.png'))).toBe('two')
})

test('does not read a file that is too large', async () => {
  await put('huge.bin')
  await truncate(path.join(root.folder, 'huge.bin'), 65 * 1024 * 1024)
  await expect(readServerPicture(root, 'huge.bin')).rejects.toThrow('at most 67 MB are read')
})

test('says which folder or file the studio may not read', async () => {
  await put('closed/a.png')
  await put('mute.png')
  await chmod(path.join(root.folder, 'closed'), 0)
  await chmod(path.join(root.folder, 'mute.png'), 0)
  // The superuser may read everything, so the test becomes somebody else for a moment.
  const isRoot = process.getuid?.() === 0
  if (isRoot) process.seteuid?.(65_534)
  try {
    await expect(list()).rejects.toMatchObject({
      problem: { message: 'The folder "closed" in "photos" cannot be read (EACCES).' },
    })
    await expect(readServerPicture(root, 'mute.png')).rejects.toThrow('cannot be read (EACCES)')
  } finally {
    if (isRoot) process.seteuid?.(0)
    await chmod(path.join(root.folder, 'closed'), 0o755)
  }
})

test('says that a root is not there', async () => {
  const gone = { ...root, folder: path.join(base, 'gone') }
  await expect(listServerFolder(gone, { path: '', pattern: '', recursive: true })).rejects.toMatchObject({
    problem: { field: 'root', message: 'The server folder "photos" cannot be read (ENOENT).' },
  })
})
