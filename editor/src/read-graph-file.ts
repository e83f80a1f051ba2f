/** Takes a graph out of a file: a graph as JSON, or a picture that says how it was made. */
import { readGraph, readPicture, type Graph } from '@defect-studio/nodes'

/** `notes` say what of the picture has no counterpart here; `problems` why there is no graph. */
export type GraphFile = { graph: Graph; notes: string[] } | { problems: string[] }

/** The largest result of the studio has 256 MB. */
const largestBytes = 256 * 1024 * 1024

/** @param models ids that can be chosen, for pictures that other tools have made. */
export async function readGraphFile(file: Blob, models: readonly string[]): Promise<GraphFile> {
  if (file.size > largestBytes) return { problems: ['This file has more than 256 MB.'] }
  const bytes = new Uint8Array(await file.arrayBuffer())
  // JSON begins with a letter that no picture begins with.
  if (bytes.length > 0 && bytes[0]! >= 0x80) {
    const { graph, notes } = readPicture(bytes, models)
    return graph ? { graph, notes } : { problems: notes }
  }
  const read = readGraph(parse(new TextDecoder().decode(bytes)))
  if (read.ok) return { graph: read.graph, notes: [] }
  return { problems: read.problems.slice(0, 20).map(({ message, remedy }) => `${message} ${remedy}`) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
