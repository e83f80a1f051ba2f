/** Traces of requests and of the runs that they start, for who asks for them by OTEL_EXPORTER_OTLP_ENDPOINT. Without it nothing is loaded. */
import { defaultPayloadConverter } from '@temporalio/common'
import type { WorkflowClientInterceptor } from '@temporalio/client'
import type { RequestHandler } from 'express'

export interface Telemetry {
  /** Goes before every route: what a request does belongs to its trace, and to that of whoever sent it. */
  requests: RequestHandler
  /** For the Temporal client: a run goes on with the trace of the request that started it. */
  workflows: WorkflowClientInterceptor
  /** Sends what has not been sent. */
  close(): Promise<void>
}

type Env = { OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined }

/** Asked every few seconds by whoever watches over the studio: a trace of it tells nothing. */
const quietPaths = new Set(['/api/v1/health', '/metrics'])

/** @returns null when nobody asked for traces. */
export async function startTelemetry(env: Env): Promise<Telemetry | null> {
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return null

  const { context, propagation, SpanKind, SpanStatusCode, trace } = await import('@opentelemetry/api')
  const { NodeTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-node')
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
  const { defaultResource, resourceFromAttributes } = await import('@opentelemetry/resources')
  const { registerInstrumentations } = await import('@opentelemetry/instrumentation')
  const { UndiciInstrumentation } = await import('@opentelemetry/instrumentation-undici')

  const provider = new NodeTracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': process.env['OTEL_SERVICE_NAME'] ?? 'defect-studio-api' }),
    ),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
  provider.register()
  const stopInstruments = registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] })
  const tracer = provider.getTracer('defect-studio')

  return {
    requests(request, response, next) {
      // Queries hold signatures of links: only the path is written.
      const { method, path } = request
      if (quietPaths.has(path)) return next()
      const parent = propagation.extract(context.active(), request.headers)
      const attributes = { 'http.request.method': method, 'url.path': path }
      const span = tracer.startSpan(
        `${method} ${withoutIds(path)}`,
        { kind: SpanKind.SERVER, attributes },
        parent,
      )
      response.once('close', () => {
        span.setAttribute('http.response.status_code', response.statusCode)
        if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      })
      context.with(trace.setSpan(parent, span), next)
    },
    workflows: {
      startWithDetails(input, next) {
        const options = {
          kind: SpanKind.PRODUCER,
          attributes: { 'temporal.workflow_id': input.options.workflowId },
        }
        return tracer.startActiveSpan(`start ${input.workflowType}`, options, async (span) => {
          const carrier: Record<string, string> = {}
          propagation.inject(context.active(), carrier)
          const traceparent = defaultPayloadConverter.toPayload(carrier['traceparent'])
          try {
            return await next({ ...input, headers: { ...input.headers, traceparent } })
          } finally {
            span.end()
          }
        })
      },
    },
    async close() {
      stopInstruments()
      await provider.shutdown()
    },
  }
}

/** Names of spans are few: what differs from one request to the next stands in their attributes. */
function withoutIds(path: string): string {
  return path
    .split('/')
    .map((part) => (/\d/.test(part) && part.length >= 8 ? ':id' : part))
    .join('/')
}
