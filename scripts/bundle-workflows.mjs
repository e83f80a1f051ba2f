/** Bundles the workflow code for Temporal's sandbox, in a process of its own because the bundler is heavy. */
import fs from 'node:fs'
import path from 'node:path'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'

const [entry, output] = process.argv.slice(2).map((file) => path.resolve(file))
const { code } = await bundleWorkflowCode({
  workflowsPath: entry,
  workflowInterceptorModules: [path.join(path.dirname(entry), 'trace-headers.ts')],
  preloadModules: [path.join(path.dirname(entry), 'short-stacks.ts')],
  logger: new DefaultLogger('ERROR'),
})
fs.writeFileSync(`${output}.half`, code)
fs.renameSync(`${output}.half`, output)
