/** Reads from a picture on this machine how it was made; no studio has to run for it. */
import { readFile, stat } from 'node:fs/promises'
import { type Graph, type ReadPicture, readPicture } from '@defect-studio/nodes'
import { CommandError, exitCodes } from './exit-codes.ts'
import { kindOfPath } from './picture-files.ts'

/** The largest result of the studio has 256 MB. */
const largestBytes = 256 * 1024 * 1024

export async function readPictureFile(file: string): Promise<ReadPicture> {
  if ((await kindOfPath(file)) === 'folder')
    throw new CommandError(exitCodes.usage, `"${file}" is a folder; name one picture.`)
  if ((await stat(file)).size > largestBytes)
    throw new CommandError(exitCodes.refused, `"${file}" has more than 256 MB and was not read.`)
  return readPicture(await readFile(file))
}

/** @param tell is told what the graph lacks. */
export async function graphOfPicture(file: string, tell: (note: string) => void): Promise<Graph> {
  const { graph, notes } = await readPictureFile(file)
  if (!graph) throw new CommandError(exitCodes.refused, `No graph can be made from "${file}".`, notes)
  for (const note of notes) tell(note)
  return graph
}
