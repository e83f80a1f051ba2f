/**
 * Hands the trace of who started a run on to everything that the run does, and tells when the run has ended. It never
 * awaits and draws nothing by chance, so that a history replays alike whether traces are kept or not.
 */
import { defaultPayloadConverter, type Headers } from '@temporalio/common'
import {
  proxySinks,
  workflowInfo,
  type Sinks,
  type WorkflowInterceptorsFactory,
  type WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow'

/** The header's name and the form of its value are those of W3C Trace Context. */
const traceHeader = 'traceparent'
const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** One workflow of a trace, from its begin to its end. Times are milliseconds since 1970. */
export interface WorkflowSpan {
  name: string
  /** Of whoever started it. */
  parent: string
  spanId: string
  begunAt: number
  endedAt: number
  failed: boolean
}

/** What the worker must give: it writes spans down, or drops them. */
export interface TraceSinks extends Sinks {
  trace: { ended(span: WorkflowSpan): void }
}

export const interceptors: WorkflowInterceptorsFactory = () => {
  /** What is handed on; null where nobody asked for a trace. */
  let own: string | null = null
  const withOwn = <I extends { readonly headers: Headers }>(input: I): I =>
    own === null
      ? input
      : { ...input, headers: { ...input.headers, [traceHeader]: defaultPayloadConverter.toPayload(own) } }

  const outbound: WorkflowOutboundCallsInterceptor = {
    scheduleActivity: (input, next) => next(withOwn(input)),
    scheduleLocalActivity: (input, next) => next(withOwn(input)),
    startChildWorkflowExecution: (input, next) => next(withOwn(input)),
    continueAsNew: (input, next) => next(withOwn(input)),
  }
  return {
    inbound: [
      {
        execute(input, next) {
          const parent = readTrace(input.headers)
          if (parent === null) return next(input)
          const { runId, workflowType: name, startTime } = workflowInfo()
          // The second half of a UUID is as good as any other id of 8 bytes, and the same at every replay.
          const spanId = runId.replaceAll('-', '').slice(16)
          const [, traceId, , flags] = form.exec(parent) ?? []
          own = `00-${traceId}-${spanId}-${flags}`
          const { trace } = proxySinks<TraceSinks>()
          const tell = (failed: boolean) =>
            trace.ended({ name, parent, spanId, begunAt: startTime.getTime(), endedAt: Date.now(), failed })
          const running = next(input)
          running.then(
            () => tell(false),
            (error: unknown) => tell(!(error instanceof Error && error.name === 'ContinueAsNew')),
          )
          return running
        },
      },
    ],
    outbound: [outbound],
  }
}

function readTrace(headers: Headers): string | null {
  const payload = headers[traceHeader]
  if (!payload) return null
  const value: unknown = defaultPayloadConverter.fromPayload(payload)
  return typeof value === 'string' && form.test(value) ? value : null
}
