import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { outsideRequests, type Span, type Tracing } from "./request-context.ts";
import type { TraceSettings } from "./trace-settings.ts";

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };
const exportMs = 10_000;

/** Nothing is registered globally: libraries that know OpenTelemetry would add attributes that are not ours. */
export function openOpenTelemetry(
  { url, headers, serviceName, ratio }: TraceSettings,
  program: { version: string; process: string },
  onError: (error: Error) => void,
): Tracing {
  const exporter = new OTLPTraceExporter({ url, headers, timeoutMillis: exportMs });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      "service.name": serviceName,
      "service.version": program.version,
      "service.instance.id": program.process,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: reporting(exporter, onError), exportTimeoutMillis: exportMs })],
  });
  const tracer = provider.getTracer("prochat", program.version);
  return {
    start: (...span) => startSpan(tracer, ROOT_CONTEXT, ...span),
    stop: () => provider.shutdown().catch(onError),
  };
}

function startSpan(tracer: Tracer, parent: Context, ...[name, kind, attributes]: Parameters<Span["start"]>): Span {
  const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, parent);
  const context = trace.setSpan(parent, span);
  return {
    start: (...child) => startSpan(tracer, context, ...child),
    end(failed, more) {
      if (more) span.setAttributes(more);
      // No message of the error: it may have people's words.
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** The library drops what cannot be sent without a word. */
const reporting = (exporter: SpanExporter, onError: (error: Error) => void): SpanExporter => ({
  export: (spans, done) =>
    exporter.export(spans, result => {
      const { error } = result;
      if (error) outsideRequests(() => onError(error)); // the request that began the timer has no part in it
      done(result);
    }),
  shutdown: () => exporter.shutdown(),
});
