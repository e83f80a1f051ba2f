/** Bundles the command line into the one file that the package @defect-studio/cli ships; npm runs it before packing. */
import path from 'node:path'
import { bundleProcess } from './bundle-process.mjs'

await bundleProcess({
  root: path.join(import.meta.dirname, '..'),
  entry: 'cli/main.ts',
  output: 'cli/dist/defect-studio.js',
  banner: '#!/usr/bin/env node',
})
