/** `image info` and `graphs from-image`: how a picture was made, and the graph that makes it again. */
import { writeFile } from 'node:fs/promises'
import type { ReadPicture } from '@defect-studio/nodes'
import type { Command } from 'commander'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { graphOfPicture, readPictureFile } from '../picture-metadata.ts'
import { printable } from '../printable.ts'

export function addImageCommands(program: Command): void {
  const image = program.command('image').description('what a picture file says of how it was made')
  image
    .command('info')
    .argument('<file>', 'a PNG of the studio, or of a tool that writes "parameters"')
    .option('--json')
    .action(async (file: string, options: { json?: boolean }) => {
      const read = await readPictureFile(file)
      if (options.json) process.stdout.write(`${JSON.stringify(read, null, 2)}\n`)
      else process.stdout.write(`${linesOf(read).map(printable).join('\n')}\n`)
      if (!read.made && read.parameters === null && !read.graph)
        throw new CommandError(exitCodes.refused, `"${file}" does not say how it was made.`)
    })
  const graphs = program.commands.find((command) => command.name() === 'graphs') ?? program.command('graphs')
  graphs
    .alias('graph')
    .command('from-image')
    .description('the graph that makes a picture again')
    .argument('<picture>')
    .argument('[file]', 'standard output when absent')
    .action(async (picture: string, file?: string) => {
      const graph = await graphOfPicture(picture, (note) => process.stderr.write(`${printable(note)}\n`))
      const json = `${JSON.stringify(graph, null, 2)}\n`
      if (file) await writeFile(file, json)
      else process.stdout.write(json)
    })
}

function linesOf({ made, parameters, graph, graphFrom, notes }: ReadPicture): string[] {
  const facts: [string, unknown][] = made
    ? [
        ['tool', made.tool],
        ['size', `${made.width} × ${made.height}`],
        ...Object.entries(made.params),
        ...(made.model?.digest ? [['model digest', made.model.digest] as [string, unknown]] : []),
        ...(made.certificate
          ? [['changed outside the mask', `${made.certificate.changedOutside} pixels`] as [string, unknown]]
          : []),
      ]
    : parameters === null
      ? []
      : [['parameters', parameters]]
  const graphLine = graph
    ? [
        `graph: ${graph.nodes.length} nodes, ${graphFrom === 'graph' ? 'as it ran' : `built from its ${graphFrom}`}`,
      ]
    : []
  const texts = facts.map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [...texts, ...graphLine, ...notes]
}
