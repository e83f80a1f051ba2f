/** Graphs that need no pictures: what runs of them are given is a text. Costs 1 token a picture. */
export const promptGraph = {
  formatVersion: 3,
  nodes: [
    { id: 'words', type: 'prompt', position: { x: 0, y: 0 }, params: { text: 'rust' } },
    { id: 'make', type: 'text-to-image', position: { x: 1, y: 0 }, params: {} },
  ],
  edges: [{ id: 'a', source: 'words', sourceHandle: 'text', target: 'make', targetHandle: 'prompt' }],
  inputs: [{ name: 'prompt', nodeId: 'words', field: 'text' }],
  outputs: [{ name: 'picture', nodeId: 'make', port: 'image' }],
}

/** A graph whose one node stands for a saved graph. */
export const usingGraph = (graphId: string) => ({
  formatVersion: 3,
  nodes: [{ id: 'part', type: 'subgraph', position: { x: 0, y: 0 }, params: { graphId, values: {} } }],
  edges: [],
  inputs: [],
  outputs: [],
})
