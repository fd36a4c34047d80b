import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const tracer = trace.getTracer('@panda/bus');

/** Headers that carry the current trace to the next service; none without tracing. */
export function traceHeaders(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

/** Runs the handling of messages as a span of the trace they belong to. */
export function underTrace<T>(headers: Readonly<Record<string, unknown>>, queue: string, work: () => Promise<T>): Promise<T> {
  const parent = propagation.extract(context.active(), headers);
  const options = { kind: SpanKind.CONSUMER, attributes: { 'messaging.destination.name': queue } };
  return tracer.startActiveSpan(`${queue} process`, options, parent, (span) => ended(span, work));
}

async function ended<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    span.recordException(error as Error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
