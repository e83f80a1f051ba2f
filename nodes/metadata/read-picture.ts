/** Reads back from a picture file how it was made, and draws the graph that makes it again. */
import type { Graph } from '../graph.ts'
import { readGraph } from '../migrate-graph.ts'
import { graphOfParameters } from './graph-of-parameters.ts'
import { graphOfTool } from './graph-of-tool.ts'
import { graphKeyword, MadePicture, madeKeyword, parametersKeyword } from './made-picture.ts'
import { isPng } from './png-chunks.ts'
import { readPngTexts } from './png-texts.ts'

export interface ReadPicture {
  made: MadePicture | null
  /** As it stands in the file. */
  parameters: string | null
  graph: Graph | null
  /** What the graph was drawn from: the file has it whole, or it was built around one tool. */
  graphFrom: 'graph' | 'made' | 'parameters' | null
  /** Sentences for the person: what could not be read, and what has no counterpart here. */
  notes: string[]
}

/** A file may name thousands of params that nobody knows. */
const mostNotes = 30

/**
 * Never throws, whatever the bytes are: what is there is checked as if a stranger had written it.
 *
 * @param models ids of models that can be chosen, for pictures of other tools.
 */
export function readPicture(bytes: Uint8Array, models: readonly string[] = []): ReadPicture {
  const read = readTexts(bytes, models)
  return { ...read, notes: read.notes.slice(0, mostNotes) }
}

function readTexts(bytes: Uint8Array, models: readonly string[]): ReadPicture {
  const nothing: ReadPicture = { made: null, parameters: null, graph: null, graphFrom: null, notes: [] }
  if (!isPng(bytes))
    return { ...nothing, notes: ['This file is no PNG: only PNG files carry how they were made.'] }
  const { texts, notes } = readPngTexts(bytes)
  const parameters = texts.get(parametersKeyword) ?? null
  const made = readMade(texts.get(madeKeyword), notes)
  const found = { ...nothing, made, parameters, notes }

  const graphText = texts.get(graphKeyword)
  if (graphText !== undefined) {
    const read = readGraph(parseJson(graphText))
    if (read.ok) return { ...found, graph: read.graph, graphFrom: 'graph' }
    notes.push(`The graph in this file cannot be read: ${read.problems[0]?.message ?? ''}`)
  }
  const ofTool = made && graphOfTool(made.tool, made.params, made.output)
  if (ofTool) return { ...found, graph: ofTool.graph, graphFrom: 'made', notes: [...notes, ...ofTool.notes] }
  if (made) notes.push(`There is no tool "${made.tool}" here.`)
  const ofText = parameters === null ? null : graphOfParameters(parameters, models)
  if (ofText)
    return { ...found, graph: ofText.graph, graphFrom: 'parameters', notes: [...notes, ...ofText.notes] }
  if (!made && parameters === null) notes.push('This picture does not say how it was made.')
  return found
}

function readMade(text: string | undefined, notes: string[]): MadePicture | null {
  if (text === undefined) return null
  const made = MadePicture.safeParse(parseJson(text))
  if (made.success) return made.data
  notes.push('What this picture says of how it was made cannot be read: it may come from a newer studio.')
  return null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
