/** Decides by its path whether a file is meant: by a pattern, or by the endings that pictures have. */
import picomatch from 'picomatch'

/** @param pattern such as `*.png` or `good/**`; without a slash it is held to the file's name alone. */
export function picturePattern(pattern: string): (path: string) => boolean {
  return picomatch(pattern.trim() === '' ? '**/*.{png,jpg,jpeg,webp,tif,tiff,bmp}' : pattern.trim(), {
    nocase: true,
    basename: !pattern.includes('/'),
    // Nested repetitions could take a name of a hundred letters hours.
    noextglob: true,
  })
}

const collator = new Intl.Collator('en', { numeric: true })

/** Part 2 before part 10, the same on every machine. */
export const byPath = (a: { path: string }, b: { path: string }): number =>
  collator.compare(a.path, b.path) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
