/** The installations of models that are under way, and how the latest ones ended. They live as long as this process. */
import { randomUUID } from 'node:crypto'
import { type InstallEvent, type InstallOrder, modelCatalogue } from '@defect-studio/nodes'
import { ProblemError, notFound } from '../problem.ts'
import type { Installation } from '../shapes/installation.ts'
import type { InstallerProcess, InstallerProgram } from './installer-program.ts'

/** Ended ones that are remembered. */
const mostEnded = 20
const mostNotes = 20

export interface Installations {
  list(): Installation[]
  /** @throws ProblemError 'installing' while another one is under way: each loads a whole model into memory once. */
  requireFree(): void
  /** @param after called when it has ended, however it did */
  start(order: InstallOrder, after?: () => Promise<void>): Installation
  acceptLicence(id: string): Installation
  /** Stops it, or forgets it when it has ended. */
  dismiss(id: string): void
  /** @throws ProblemError when the model is not there */
  remove(modelId: string): Promise<void>
  close(): Promise<void>
}

interface Entry {
  state: Installation
  process: InstallerProcess
  settled: Promise<void>
}

export function createInstallations(program: InstallerProgram): Installations {
  const entries = new Map<string, Entry>()
  let closing = false

  const isOpen = ({ state }: Entry) => state.state === 'running' || state.state === 'asks-licence'

  function find(id: string): Entry {
    const entry = entries.get(id)
    if (!entry) throw notFound('installation')
    return entry
  }

  function requireProgram(): void {
    if (program.isThere()) return
    throw new ProblemError('not-available', 'Models are not installed on this machine.', {
      remedy: 'Run "npm run studio -- models" on the machine that has the GPU.',
    })
  }

  function requireFree(): void {
    requireProgram()
    if (!closing && ![...entries.values()].some(isOpen)) return
    throw new ProblemError('installing', 'Another model is being installed.', {
      remedy: 'Wait until it is done, or stop it.',
    })
  }

  function forgetOldest(): void {
    const ended = [...entries.values()].filter((entry) => !isOpen(entry))
    for (const { state } of ended.slice(0, Math.max(0, ended.length - mostEnded))) entries.delete(state.id)
  }

  return {
    list: () => [...entries.values()].map(({ state }) => state).reverse(),
    requireFree,
    start(order, after = async () => {}) {
      requireFree()
      const state = newState(order)
      const process = program.start({ do: 'install', order }, (event) => take(state, event))
      const settled = process.ended.then(async (last) => {
        await after()
        end(state, last)
      })
      entries.set(state.id, { state, process, settled })
      forgetOldest()
      return state
    },
    acceptLicence(id) {
      const { state, process } = find(id)
      if (state.state === 'asks-licence') {
        state.state = 'running'
        process.acceptLicence()
      }
      return state
    },
    dismiss(id) {
      const entry = find(id)
      if (isOpen(entry)) entry.process.discard()
      else entries.delete(id)
    },
    async remove(modelId) {
      requireProgram()
      const last = await program.start({ do: 'remove', id: modelId }, () => {}).ended
      if (last.type === 'removed') return
      const message = last.type === 'failed' ? last.message : 'It was not removed.'
      throw last.type === 'failed' && last.code === 'not-installed'
        ? new ProblemError('not-found', message, {
            remedy: 'Models on other machines are removed there, with "npm run studio -- models remove".',
          })
        : new ProblemError('internal', message)
    },
    async close() {
      closing = true
      for (const entry of entries.values()) if (isOpen(entry)) entry.process.stop()
      await Promise.all([...entries.values()].map(({ settled }) => settled))
    },
  }
}

function newState({ source, id }: InstallOrder): Installation {
  const name = {
    folder: () => (source.from === 'folder' ? source.path : ''),
    zip: () => (source.from === 'zip' ? (source.name ?? 'model.zip') : ''),
    hub: () => (source.from === 'hub' ? source.hubId : ''),
    catalogue: () =>
      source.from === 'catalogue'
        ? (modelCatalogue.find((one) => one.name === source.name)?.title ?? source.name)
        : '',
  }[source.from]()
  return {
    id: randomUUID(),
    from: source.from,
    name,
    modelId: id ?? null,
    state: 'running',
    step: null,
    licence: null,
    notes: [],
    failure: null,
    startedAt: new Date().toISOString(),
    endedAt: null,
  }
}

/** What an event changes while it is under way. */
function take(state: Installation, event: InstallEvent): void {
  if (event.type === 'step') {
    const { step, what, done, total, unit } = event
    state.step = { step, what, done, total, unit }
  }
  if (event.type === 'note' && state.notes.length < mostNotes) state.notes.push(event.text)
  if (event.type !== 'licence') return
  state.licence = { licence: event.licence, url: event.url, bytes: event.bytes }
  if (!event.accepted) state.state = 'asks-licence'
}

/** How it ended; said when nothing of it runs any more. */
function end(state: Installation, last: InstallEvent): void {
  state.endedAt = new Date().toISOString()
  if (last.type === 'done') {
    state.state = 'installed'
    state.modelId = last.model.id
  } else if (last.type === 'failed') {
    state.state = last.code === 'cancelled' || last.code === 'licence-declined' ? 'cancelled' : 'failed'
    state.failure = { code: last.code, message: last.message }
  }
}
