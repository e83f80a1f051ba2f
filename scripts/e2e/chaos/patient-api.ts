/** Asks the API again until it answers: it is killed now and then. Safe for requests that carry a key or change nothing. */
import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'

export interface PatientApi {
  ask<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown, key?: string): Promise<T>
}

/** An API that is killed is back within seconds; one that stays away has not come through. */
const patienceMs = 120_000

export function createPatientApi(url: string, token: string): PatientApi {
  return {
    async ask(schema, method, path, body, key) {
      const until = Date.now() + patienceMs
      for (;;) {
        const answer = await fetch(new URL(path, url), {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            ...(body instanceof FormData || body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(key === undefined ? {} : { 'idempotency-key': key }),
          },
          ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
          signal: AbortSignal.timeout(20_000),
        })
          .then(async (response) => ({ status: response.status, text: await response.text() }))
          .catch((error: unknown) => ({ status: 0, text: String(error) }))
        if (answer.status >= 200 && answer.status < 300)
          return schema.parse(answer.text === '' ? undefined : JSON.parse(answer.text))
        if ((answer.status > 0 && answer.status < 500) || Date.now() > until)
          throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 500)}`)
        await wait(250)
      }
    },
  }
}
