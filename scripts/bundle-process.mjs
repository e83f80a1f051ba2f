/** Bundles one process with esbuild: the rooms' TypeScript goes in, packages from npm stay outside. */
import fs from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

/** @param {{ root: string, entry: string, output: string, banner?: string }} options paths relative to `root` */
export async function bundleProcess({ root, entry, output, banner = '' }) {
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'silent',
    banner: { js: banner },
    plugins: [packagesOutside, sourcePlaces(root, path.dirname(path.join(root, output)))],
  })
}

/** Only the rooms are bundled; everything else is found in node_modules when the process runs. */
const packagesOutside = {
  name: 'packages-outside',
  setup(api) {
    api.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || name.startsWith('@defect-studio/')
        ? undefined
        : { path: name, external: true },
    )
  },
}

/** Code that reads a file beside itself must find it from the bundle too: its place is written as seen from there. */
const sourcePlaces = (root, outputFolder) => ({
  name: 'source-places',
  setup(api) {
    api.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      const text = fs.readFileSync(file, 'utf8')
      if (!text.includes('import.meta.')) return undefined
      const place = path.relative(outputFolder, file).split(path.sep).join('/')
      const url = `new URL(${JSON.stringify(place)}, import.meta.url).href`
      const folder = `process.getBuiltinModule('node:url').fileURLToPath(new URL(${JSON.stringify(`${path.posix.dirname(place)}/`)}, import.meta.url)).slice(0, -1)`
      const contents = text.replaceAll('import.meta.url', url).replaceAll('import.meta.dirname', folder)
      return { contents, loader: 'ts' }
    })
  },
})
