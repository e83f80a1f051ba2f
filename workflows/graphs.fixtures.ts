/** The graphs that tests and recorded histories run. */
import { testFolder, testGraph, testImage } from '../nodes/graph.fixtures.ts'

const photo = { ...testImage, name: 'part.png' }

/** load → draw defect → save. */
export const oneDefect = testGraph(
  { load: ['load-image', { image: photo }], defect: 'draw-defect', save: 'save-to-gallery' },
  ['load.image > defect.image', 'defect.image > save.image', 'defect.mask > save.mask'],
)

/** Two branches from one picture that meet again, with several pictures from one prompt beside them. */
export const branches = testGraph(
  {
    load: ['load-image', { image: photo }],
    defect: 'draw-defect',
    cut: 'remove-background',
    text: ['prompt', { text: 'rust on steel' }],
    paint: ['inpaint', { seed: 7 }],
    many: ['text-to-image', { count: 3, seed: 2 ** 32 - 1 }],
    save: 'save-to-gallery',
  },
  [
    'load.image > defect.image',
    'load.image > cut.image',
    'defect.image > paint.image',
    'cut.mask > paint.mask',
    'text.text > paint.prompt',
    'text.text > many.prompt',
    'many.image > save.image',
  ],
)

/** A folder through two nodes; the mask of each picture goes with it into the gallery. */
export const folderOf = (count: number) =>
  testGraph(
    { load: ['load-folder', { folder: testFolder(count) }], defect: 'draw-defect', save: 'save-to-gallery' },
    ['load.image > defect.image', 'defect.image > save.image', 'defect.mask > save.mask'],
  )
