/** Real objects of every kind, made for an owner in the database or through the API. */
import { randomUUID } from 'node:crypto'
import { promptGraph } from '../runs/saved-graphs.fixtures.ts'
import { picture, type TestStudio } from '../studio.fixtures.ts'
import type { People, Person } from './people.fixtures.ts'
import type { Place } from './read-matrix.ts'

/** What a route's address and body are filled with. */
export type Parts = Record<string, string> & { id: string }

interface Making {
  studio: TestStudio
  people: People
  owner: Person
  visibility: 'private' | 'department'
}

let shade = 0

async function post(studio: TestStudio, token: string, path: string, json: object): Promise<string> {
  const answer = await studio.call('POST', `/api/v1${path}`, { token, json })
  if (answer.status >= 300) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`)
  return answer.body.id
}

/** One text, which costs nothing. */
const words = {
  ...promptGraph,
  nodes: promptGraph.nodes.slice(0, 1),
  edges: [],
  outputs: [{ name: 'words', nodeId: 'words', port: 'text' }],
}
const graph = ({ studio, owner, visibility }: Making) =>
  post(studio, owner.token, '/graphs', { name: 'g', graph: words, visibility })
const run = ({ studio, owner }: Making) => post(studio, owner.token, '/runs', { graph: words })

async function artifact({ studio, owner }: Making) {
  shade += 1
  const bytes = await picture(shade % 256, 32 + Math.floor(shade / 256), 24)
  return (await studio.upload(owner.token, bytes)).body.key
}

async function image(making: Making): Promise<{ id: string; key: string }> {
  const { studio, owner, visibility } = making
  const key = await artifact(making)
  const { memberId: ownerId, departmentId } = owner
  const size = { width: 32, height: 24 }
  const { id } = await studio.db.image.create({
    data: { artifactKey: key, name: 'i', ownerId, departmentId, visibility, ...size },
  })
  return { id, key }
}

const makers: Record<string, (making: Making) => Promise<Parts>> = {
  graph: async (making) => ({ id: await graph(making), revision: '1' }),
  run: async (making) => ({ id: await run(making), nodeId: 'words', name: 'words' }),
  image,
  async artifact(making) {
    // What the department sees of a picture, it sees in the gallery.
    const { key } = making.visibility === 'department' ? await image(making) : { key: await artifact(making) }
    return { id: key, key }
  },
  async key({ studio, owner }) {
    return { id: await post(studio, owner.token, '/api-keys', { name: 'k' }) }
  },
  async hook(making) {
    const path = `/graphs/${await graph(making)}/hooks`
    return { id: await post(making.studio, making.owner.token, path, { name: 'h' }) }
  },
  async batch(making) {
    const path = `/graphs/${await graph(making)}/batches`
    return { id: await post(making.studio, making.owner.token, path, { name: 'b', items: [{}] }) }
  },
  async schedule(making) {
    const graphId = await graph(making)
    const json = { graphId, name: 's', timing: { kind: 'interval', everySeconds: 86_400 }, paused: true }
    return { id: await post(making.studio, making.owner.token, '/schedules', json), graphId }
  },
  async review(making) {
    const { studio, owner } = making
    const { memberId: ownerId, departmentId } = owner
    const key = await artifact(making)
    const { id } = await studio.db.review.create({
      data: {
        ...{ runId: await run(making), nodeId: 'words', ownerId, departmentId, title: 't', question: '?' },
        items: {
          create: {
            ...{ index: 0, name: 'i' },
            image: { key, mediaType: 'image/png', width: 32, height: 24, bytes: 100 },
          },
        },
      },
    })
    return { id }
  },
  async preset({ studio, owner, visibility }) {
    const json = { name: 'p', tool: 'draw-defect', params: { kind: 'crack' }, visibility }
    return { id: await post(studio, owner.token, '/presets', json) }
  },
  async 'webhook secret'({ studio, owner }) {
    const { departmentId } = owner
    const { id } = await studio.db.webhookSecret.create({
      data: { departmentId, name: randomUUID(), sealed: 'x' },
    })
    return { id }
  },
  async session({ studio, owner: { memberId } }) {
    const expiresAt = new Date(Date.now() + 3_600_000)
    const { id } = await studio.db.session.create({
      data: { memberId, refreshHash: randomUUID(), userAgent: 'u', expiresAt },
    })
    return { id }
  },
  member: async ({ owner }) => ({ id: owner.memberId }),
  async 'other member'({ studio, owner: { departmentId } }) {
    const name = randomUUID()
    const { id } = await studio.db.member.create({
      data: {
        ...{ loginId: name, email: `${name}@example.com`, name, nickname: name, departmentId },
        ...{ role: 'department_member', approvedAt: new Date() },
      },
    })
    return { id }
  },
  department: async ({ owner }) => ({ id: owner.departmentId }),
  async 'worker token'({ studio, people }) {
    return { id: await post(studio, people.superToken, '/worker-tokens', { name: 'w' }) }
  },
  async mail({ studio }) {
    const key = randomUUID()
    const { id } = await studio.db.outgoingMail.create({
      data: { key, toName: 'a', toAddress: 'a@example.com', subject: 's', text: 't', nextAt: null },
    })
    return { id }
  },
  nothing: async () => ({ id: randomUUID() }),
}

/** Makes objects where they are asked for; those that are only looked at are made once. */
export function createObjects(studio: TestStudio, people: People) {
  const kept = new Map<string, Promise<Parts>>()
  const make = (kind: string, place: Place): Promise<Parts> => {
    const maker = makers[kind]
    if (!maker) throw new Error(`objects.fixtures.ts does not say how a "${kind}" is made.`)
    const owner = { own: people.member, department: people.colleague, foreign: people.stranger }[place]
    return maker({ studio, people, owner, visibility: place === 'department' ? 'department' : 'private' })
  }
  return {
    make,
    keep(kind: string, place: Place): Promise<Parts> {
      const name = `${kind} ${place}`
      const known = kept.get(name) ?? make(kind, place)
      kept.set(name, known)
      return known
    },
  }
}
