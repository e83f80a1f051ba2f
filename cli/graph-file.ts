/** Reads a graph from a file on this machine, or says everything that is wrong with it. */
import { readFile } from 'node:fs/promises'
import { type Graph, readGraph } from '@defect-studio/nodes'
import { CommandError, exitCodes } from './exit-codes.ts'
import { kindOfPath } from './picture-files.ts'
import { graphOfPicture } from './picture-metadata.ts'
import { printable } from './printable.ts'

/** The graph in a JSON file of any format version, or in a picture that says how it was made. */
export async function readGraphFile(file: string): Promise<Graph> {
  if ((await kindOfPath(file)) === 'folder')
    throw new CommandError(exitCodes.usage, `"${file}" is a folder; a graph is a JSON file or a PNG picture.`)
  if (/\.png$/i.test(file))
    return graphOfPicture(file, (note) => process.stderr.write(`${printable(note)}\n`))
  let json: unknown
  try {
    json = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new CommandError(exitCodes.refused, `"${file}" is not JSON: ${String(error)}`)
  }
  return asGraph(file, json)
}

/** @param source how people call it: a file's path, or the id of a saved graph. */
export function asGraph(source: string, json: unknown): Graph {
  const read = readGraph(json)
  if (read.ok) return read.graph
  throw new CommandError(
    exitCodes.refused,
    `"${source}" is not a graph that this studio can read.`,
    read.problems.map((problem) => `${problem.message} ${problem.remedy}`),
  )
}
