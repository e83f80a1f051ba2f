/** Writes into a PNG file how it was made. Its pixels stay as they are, byte for byte. */
import { graphKeyword, madeKeyword, parametersKeyword, type MadePicture } from './made-picture.ts'
import { writeParameters } from './parameters-text.ts'
import { mostTextBytes, withPngTexts } from './png-texts.ts'
import type { Graph } from '../graph.ts'

/** The same facts give the same bytes: pictures are kept by their hash. */
export function withMade(png: Uint8Array, made: MadePicture): Uint8Array<ArrayBuffer> {
  return withPngTexts(png, {
    [parametersKeyword]: writeParameters(made),
    [madeKeyword]: JSON.stringify(made),
  })
}

/**
 * @param graph as it ran, seeds included, so that running it again makes the picture again. One that is longer than any
 *   reader takes is left out.
 */
export function withGraph(png: Uint8Array, graph: Graph): Uint8Array {
  const text = JSON.stringify(graph)
  // A letter has up to four bytes in UTF-8.
  return text.length * 4 > mostTextBytes ? png : withPngTexts(png, { [graphKeyword]: text })
}
