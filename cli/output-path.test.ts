/** Names from elsewhere never lead out of the output folder. */
import { isAbsolute, join, normalize, relative } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outputPath } from './output-path.ts'

test.each([
  ['metal-01.jpg', 'image/png', join('out', 'image', 'metal-01.png')],
  ['a/b/c.png', 'image/png', join('out', 'image', 'a', 'b', 'c.png')],
  ['../../etc/passwd', 'image/png', join('out', 'image', 'etc', 'passwd.png')],
  ['v1.2', 'image/png', join('out', 'image', 'v1.2.png')],
  ['con', 'image/png', join('out', 'image', '_con.png')],
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
