/** The check of the import arrows must catch what the rooms forbid, and find it in every form of import. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { checkArrows, findCycles, forbidden, importsIn } from './arrows.mjs'

test.each([
  ['nodes', 'nodes/graph.ts', 'node:fs'],
  ['nodes', 'nodes/graph.ts', 'fs'],
  ['nodes', 'nodes/graph.ts', '@temporalio/workflow'],
  ['workflows', 'workflows/run-graph.ts', '@defect-studio/activities'],
  ['workflows', 'workflows/run-graph.ts', '../activities/settle-node.ts'],
  ['activities', 'activities/settle-node.ts', 'onnxruntime-node'],
  ['activities', 'activities/settle-node.ts', '@defect-studio/workflows'],
  ['gpu-workers', 'gpu-workers/pipeline/unet.ts', '@defect-studio/prisma'],
  ['gpu-workers', 'gpu-workers/pipeline/unet.ts', '@defect-studio/stores'],
  ['gpu-workers', 'gpu-workers/pipeline/unet.ts', '@temporalio/activity'],
  ['api', 'api/app.ts', '@defect-studio/activities'],
  ['stores', 'stores/ledger/ledger.ts', 'express'],
  ['cli', 'cli/main.ts', '@defect-studio/stores'],
  ['editor', 'editor/src/app.tsx', 'node:path'],
  ['prisma', 'prisma/client.ts', '@defect-studio/nodes'],
])('%s: %s may not import %s', (room, file, specifier) => {
  expect(forbidden({ room, file, specifier })).toHaveLength(1)
})

test.each([
  ['nodes', 'nodes/graph.ts', 'zod'],
  ['nodes', 'nodes/graph.ts', './ports.ts'],
  ['workflows', 'workflows/run-graph.ts', '@defect-studio/nodes'],
  ['gpu-workers', 'gpu-workers/worker.ts', '@temporalio/worker'],
  ['gpu-workers', 'gpu-workers/pipeline/unet.ts', '@defect-studio/stores/artifacts'],
  ['api', 'api/app.ts', '@defect-studio/workflows/run-messages'],
])('%s: %s may import %s', (room, file, specifier) => {
  expect(forbidden({ room, file, specifier })).toEqual([])
})

test('a forbidden import and a ring are found in files', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'defect-studio-arrows-'))
  fs.mkdirSync(path.join(root, 'nodes'))
  fs.writeFileSync(path.join(root, 'nodes', 'a.ts'), "import { b } from './b.ts'\nimport fs from 'node:fs'\n")
  fs.writeFileSync(path.join(root, 'nodes', 'b.ts'), "export { a } from './a.ts'\n")
  expect(checkArrows(root)).toEqual([
    'nodes/a.ts imports "node:fs": nodes runs where Node\'s modules are not.',
    'Import cycle: nodes/a.ts → nodes/b.ts → nodes/a.ts',
  ])
  fs.rmSync(root, { recursive: true })
})

test('every form of import is read', () => {
  const text = [
    "import 'side-effect'",
    "import name from 'default'",
    "import * as all from 'star'",
    'import {\n  one,\n  two,\n} from "many-lines"',
    "import type { Shape } from 'shape'",
    "export * from 'again'",
    "export { x } from 'named-again'",
    "const later = await import('later')",
    "const text = 'import nothing'",
  ].join('\n')
  expect(importsIn(text).map(({ specifier }) => specifier)).toEqual([
    'side-effect',
    'default',
    'star',
    'many-lines',
    'shape',
    'again',
    'named-again',
    'later',
  ])
})

test('a file that two others import is no ring', () => {
  const edges = new Map([
    ['a', ['b', 'c']],
    ['b', ['d']],
    ['c', ['d']],
  ])
  expect(findCycles(edges)).toEqual([])
})
