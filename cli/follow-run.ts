/** Watches a run until it ends, through lost connections and restarts of the studio. */
import { setTimeout as wait } from 'node:timers/promises'
import { isFinal, RunEvent } from '@defect-studio/nodes'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { type Address, reach, type StudioClient, unwrap } from './connection.ts'
import { CommandError, exitCodes } from './exit-codes.ts'

/** How long the studio may be away before we give up: a restart takes seconds, a reboot minutes. */
const patienceMs = 5 * 60_000

export async function readRun(client: StudioClient, runId: string) {
  return unwrap(await client.GET('/api/v1/runs/{id}', { params: { path: { id: runId } } }))
}
export type RunDetail = Awaited<ReturnType<typeof readRun>>

/**
 * Resolves with the run once it has ended. `onEvent` hears each event as it comes; `onSnapshot` the whole run
 * whenever it was read anew. Throws 'unreachable' when the studio stays away for five minutes.
 */
export async function followRun(
  client: StudioClient,
  address: Address,
  runId: string,
  heard: { onSnapshot(run: RunDetail): void; onEvent(event: RunEvent): void; onLost(reason: string): void },
): Promise<RunDetail> {
  let lostSince: number | null = null
  for (;;) {
    try {
      const run = await readRun(client, runId)
      lostSince = null
      heard.onSnapshot(run)
      if (isFinal(run.status)) return run
      await listen(address, runId, heard.onEvent)
    } catch (error) {
      const away =
        (error instanceof CommandError && error.exitCode === exitCodes.unreachable) ||
        error instanceof TypeError
      if (!away) throw error
      lostSince ??= Date.now()
      if (Date.now() - lostSince > patienceMs) throw error
      heard.onLost(error.message)
    }
    await wait(lostSince === null ? 200 : 2000)
  }
}

/** Returns when the stream ends or says that the run has ended. */
async function listen(address: Address, runId: string, onEvent: (event: RunEvent) => void): Promise<void> {
  const response = await reach(
    new Request(`${address.url}/api/v1/runs/${encodeURIComponent(runId)}/events`, {
      headers: { Accept: 'text/event-stream', Authorization: `Bearer ${address.apiKey ?? ''}` },
    }),
  )
  if (!response.ok || !response.body) {
    await response.body?.cancel()
    return
  }
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
  for await (const message of events) {
    const event = RunEvent.safeParse(JSON.parse(message.data))
    // The stream starts with a snapshot, which is no RunEvent: the run was just read.
    if (!event.success) continue
    onEvent(event.data)
    if (event.data.type === 'run-status' && isFinal(event.data.status)) return
  }
}
