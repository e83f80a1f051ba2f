/** Names from elsewhere never lead out of the output folder. */
import { isAbsolute, join, normalize, relative } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outputPath, untaken } from './output-path.ts'

test.each([
  ['metal-01.jpg', 'image/png', join('out', 'image', 'metal-01.png')],
  ['a/b/c.png', 'image/png', join('out', 'image', 'a', 'b', 'c.png')],
  ['../../etc/passwd', 'image/png', join('out', 'image', 'etc', 'passwd.png')],
  ['v1.2', 'image/png', join('out', 'image', 'v1.2.png')],
  ['con', 'image/png', join('out', 'image', '_con.png')],
  ['scan.TIF', 'image/tiff', join('out', 'image', 'scan.tif')],
  ['camera.bmp', 'image/bmp', join('out', 'image', 'camera.bmp')],
  ['', 'text/plain', join('out', 'image', 'item.txt')],
])('writes %s as %s', (name, mediaType, path) => {
  expect(outputPath('out', 'image', name, mediaType)).toBe(path)
})

test('stays below the folder whatever the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, output) => {
      const path = outputPath('out', output, name, 'image/png')
      const inside = relative('out', normalize(path))
      expect(isAbsolute(inside) || inside.startsWith('..')).toBe(false)
    }),
  )
})

test('two items of one stem are two files', () => {
  const taken = new Set<string>()
  const paths = ['a.jpg', 'a.png', 'A.webp', 'b.png'].map((name) =>
    untaken(outputPath('out', 'image', name, 'image/png'), taken),
  )
  const below = (name: string) => join('out', 'image', name)
  expect(paths).toEqual([below('a.png'), below('a (2).png'), below('A (3).png'), below('b.png')])
})
