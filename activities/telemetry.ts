/** Traces of what a worker does, for who asks for them by OTEL_EXPORTER_OTLP_ENDPOINT. Without it nothing is loaded. */
import { defaultPayloadConverter } from '@temporalio/common'
import type { ActivityInterceptorsFactory, InjectedSinks, WorkerOptions } from '@temporalio/worker'
import { activityInfo } from '@temporalio/activity'
import { z } from 'zod'
import type { WorkflowSpan } from '@defect-studio/workflows/trace-headers'

export const telemetryEnvironment = {
  /** The exporter reads it, and the other OTEL_… variables, itself; here it only switches traces on. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
}

export interface Telemetry {
  /** For `Worker.create`. */
  workerOptions: Pick<WorkerOptions, 'interceptors' | 'sinks'>
  /** Sends what has not been sent. */
  close(): Promise<void>
}

type Env = { OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined }

/** Runs name their trace whenever the API keeps one: a worker that keeps none drops what they tell. */
const silent: InjectedSinks<{ trace: { ended(span: WorkflowSpan): void } }> = {
  trace: { ended: { fn: () => {}, callDuringReplay: false } },
}

/** @param service what the process is called in traces, unless OTEL_SERVICE_NAME says otherwise. */
export async function startTelemetry(env: Env, service: string): Promise<Telemetry> {
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined)
    return { workerOptions: { sinks: silent }, close: async () => {} }

  const { context, propagation, SpanKind, SpanStatusCode } = await import('@opentelemetry/api')
  const { NodeTracerProvider, BatchSpanProcessor, RandomIdGenerator } =
    await import('@opentelemetry/sdk-trace-node')
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
  const { defaultResource, resourceFromAttributes } = await import('@opentelemetry/resources')
  const { registerInstrumentations } = await import('@opentelemetry/instrumentation')
  const { UndiciInstrumentation } = await import('@opentelemetry/instrumentation-undici')

  // A workflow has told its span's id to all that it called, before the span is written down.
  let told: string | null = null
  const random = new RandomIdGenerator()
  const provider = new NodeTracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': process.env['OTEL_SERVICE_NAME'] ?? service }),
    ),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    idGenerator: {
      generateTraceId: random.generateTraceId,
      generateSpanId: () => told ?? random.generateSpanId(),
    },
  })
  provider.register()
  const stopInstruments = registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] })
  const tracer = provider.getTracer('defect-studio')
  const from = (traceparent: string) => propagation.extract(context.active(), { traceparent })

  const activity: ActivityInterceptorsFactory = () => ({
    inbound: {
      async execute(input, next) {
        const header = input.headers['traceparent']
        if (!header) return next(input)
        const { activityType, workflowExecution, taskQueue, attempt } = activityInfo()
        const attributes = {
          'temporal.workflow_id': workflowExecution?.workflowId ?? '',
          'temporal.task_queue': taskQueue,
          'temporal.attempt': attempt,
          ...callsIn(input.args),
        }
        const parent = from(String(defaultPayloadConverter.fromPayload(header)))
        const options = { kind: SpanKind.CONSUMER, attributes }
        return tracer.startActiveSpan(activityType, options, parent, async (span) => {
          try {
            return await next(input)
          } catch (error) {
            span.setStatus({ code: SpanStatusCode.ERROR })
            if (error instanceof Error) span.recordException(error)
            throw error
          } finally {
            span.end()
          }
        })
      },
    },
  })
  const ended = ({ name, parent, spanId, begunAt, endedAt, failed }: WorkflowSpan): void => {
    told = spanId
    const span = tracer.startSpan(name, { kind: SpanKind.INTERNAL, startTime: begunAt }, from(parent))
    told = null
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(endedAt)
  }
  return {
    workerOptions: {
      interceptors: { activity: [activity] },
      sinks: {
        trace: {
          ended: { fn: (_info: unknown, span: WorkflowSpan) => ended(span), callDuringReplay: false },
        },
      },
    },
    async close() {
      stopInstruments()
      await provider.shutdown()
    },
  }
}

const Calls = z.tuple([z.object({ calls: z.array(z.object({ name: z.string() })).min(1) })])

/** What the calls of one activity are, without their inputs. */
function callsIn(args: readonly unknown[]): Record<string, string | number> {
  const read = Calls.safeParse(args)
  if (!read.success) return {}
  const { calls } = read.data[0]
  return {
    'studio.calls': calls.length,
    'studio.call': [...new Set(calls.map(({ name }) => name))].join(','),
  }
}
