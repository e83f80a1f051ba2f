/** Puts something of every kind into a fresh studio, so that what plays with it gets behind the 404s. */

const words = {
  formatVersion: 3,
  nodes: [{ id: 'words', type: 'prompt', position: { x: 0, y: 0 }, params: { text: 'rust' } }],
  edges: [],
  inputs: [{ name: 'text', nodeId: 'words', field: 'text' }],
  outputs: [{ name: 'words', nodeId: 'words', port: 'text' }],
}

/** A PNG of one grey pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
)

/**
 * @param {(path: string, body?: object | FormData) => Promise<any>} post signed in as the owner
 * @returns {Promise<Record<string, string>>} ids by the start of the paths that take them
 */
export async function fillStudio(post) {
  const form = new FormData()
  form.set('file', new Blob([pixel], { type: 'image/png' }), 'pixel.png')
  const { key } = await post('/artifacts', form)
  const graph = await post('/graphs', { name: 'Words', graph: words, visibility: 'everyone' })
  const run = await post(`/graphs/${graph.id}/runs`, {})
  const batch = await post(`/graphs/${graph.id}/batches`, { name: 'Many', items: [{}, {}] })
  const timing = { kind: 'interval', everySeconds: 86_400 }
  const schedule = await post('/schedules', { graphId: graph.id, name: 'Daily', timing, paused: true })
  const preset = await post('/presets', { name: 'Crack', tool: 'draw-defect', params: { kind: 'crack' } })
  const secret = await post('/webhook-secrets', { name: 'partner' })
  await post('/tokens/issue', { amount: 1000 })
  return {
    graphs: graph.id,
    runs: run.id,
    batches: batch.id,
    schedules: schedule.id,
    presets: preset.id,
    'webhook-secrets': secret.id,
    artifacts: key,
  }
}
