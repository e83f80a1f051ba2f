/** Folders: sent to the studio once for many runs, and what lists of server folders, buckets and grids would hold. */
import { writeFile } from 'node:fs/promises'
import type { JsonValue } from '@defect-studio/nodes'
import type { Command } from 'commander'
import { parseAssignments, readParam } from '../assignments.ts'
import { connectSignedIn, unwrap } from '../connection.ts'
import { printRows } from '../print-table.ts'
import { printable } from '../printable.ts'
import { RunProgress } from '../run-progress.ts'
import { uploadFolder } from '../upload.ts'

const collect = (value: string, before: string[]): string[] => [...before, value]

export function addSourceCommands(program: Command): void {
  program
    .command('upload')
    .description('send a folder of pictures; the file that it writes can be given as --input to many runs')
    .argument('<folder>')
    .argument('[file]', 'where the reference is written, such as parts.json; standard output when absent')
    .action(async (folder: string, file?: string) => {
      const { client, address } = await connectSignedIn(process.env)
      const progress = new RunProgress(process.stderr)
      const { collection, passedOver } = await uploadFolder(client, address, folder, (done, total) => {
        if (done % 500 === 0 || done === total) progress.note(`${done} of ${total} pictures`)
      })
      if (passedOver.length > 0)
        progress.note(`Passed over, not pictures by their names: ${passedOver.slice(0, 10).join(', ')}`)
      const json = `${JSON.stringify(collection, null, 2)}\n`
      if (file) await writeFile(file, json)
      else process.stdout.write(json)
    })
  const sources = program.command('sources').description('where lists of pictures may come from')
  sources
    .command('list', { isDefault: true })
    .description('server folders and S3 buckets that are open to you')
    .option('--json')
    .action(async (options: { json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const { folders, buckets } = unwrap(await client.GET('/api/v1/sources'))
      const rows = [
        ...folders.map(({ name }) => ({ node: 'load-server-folder', param: 'root', name })),
        ...buckets.map(({ name }) => ({ node: 'load-s3', param: 'bucket', name })),
      ]
      printRows(rows, {
        ...options,
        empty: 'None is open to you; whoever runs the studio sets SOURCE_ROOTS or SOURCE_BUCKETS.',
      })
    })
  sources
    .command('preview')
    .description(
      'what the list of a node would hold, such as: preview load-server-folder --param root=photos',
    )
    .argument('<type>', 'type of the node')
    .option('--param <name=value>', 'a param of the node', collect, [])
    .option('--json')
    .action(async (type: string, options: { param: string[]; json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const node = { id: 'node', type, position: { x: 0, y: 0 }, params: {} }
      const params: Record<string, JsonValue> = {}
      for (const [field, text] of parseAssignments('--param', options.param))
        params[field] = readParam({ nodes: [node] }, node.id, field, text)
      const listed = unwrap(await client.POST('/api/v1/sources/preview', { body: { type, params } }))
      if (options.json) process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`)
      else {
        const rest = listed.count - listed.names.length
        const lines = [...listed.names, ...(rest > 0 ? [`… and ${rest} more`] : [])]
        process.stdout.write(`${listed.count} items\n${lines.map(printable).join('\n')}\n`)
      }
    })
}
