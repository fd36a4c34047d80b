import { bool, type ConfigOf, defineKeys, int, list, ms, oneOf, str, url } from '@panda/config';

/** Keys every process understands. */
export const runtimeKeys = defineKeys('runtime', {
  logLevel: oneOf('PANDA_LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent'], {
    default: 'info',
    doc: 'Least severe lines that are written.',
  }),
  logFormat: oneOf('PANDA_LOG_FORMAT', ['auto', 'json', 'pretty'], {
    default: 'auto',
    doc: 'auto: readable lines on a terminal, JSON lines elsewhere.',
  }),
  httpHost: str('PANDA_HTTP_HOST', { default: '0.0.0.0', doc: 'Address the HTTP services listen on.' }),
  httpPort: int('PANDA_HTTP_PORT', {
    default: 25_080,
    min: 0,
    max: 65_535,
    doc: 'Port of the HTTP services; 0 takes any free one.',
  }),
  httpBodyLimit: int('PANDA_HTTP_BODY_LIMIT', {
    default: 64 * 1024 * 1024,
    min: 1024,
    doc: 'Largest request body in bytes where a route sets no limit of its own.',
  }),
  trustedProxies: list('PANDA_HTTP_TRUSTED_PROXIES', {
    default: [],
    doc: 'Addresses or networks (CIDR) whose X-Forwarded-* headers are believed.',
  }),
  healthPort: int('PANDA_HEALTH_PORT', {
    optional: true,
    min: 0,
    max: 65_535,
    doc: 'Port for probes and metrics of services without HTTP; 0 takes any free one, absent means none.',
  }),
  startRetryMax: ms('PANDA_START_RETRY_MAX', {
    default: '15s',
    min: 10,
    doc: 'Longest pause between tries to reach a dependency.',
  }),
  routingPause: ms('PANDA_STOP_ROUTING_PAUSE', {
    default: '0s',
    doc: 'Pause between "not ready" and the end of intake, for load balancers to notice; the chart sets 10s.',
  }),
  drainLimit: ms('PANDA_STOP_DRAIN_LIMIT', { default: '60s', doc: 'Work in flight may take this long to finish after SIGTERM.' }),
  stopLimit: ms('PANDA_STOP_LIMIT', { default: '75s', doc: 'After this a stop that hangs ends the process with code 1.' }),
  memoryPart: int('PANDA_MEMORY_PERCENT', {
    default: 85,
    min: 10,
    max: 100,
    doc: 'Part of the container’s memory limit at which the process stops gracefully; 100 turns this off.',
  }),
  traces: url('OTEL_EXPORTER_OTLP_ENDPOINT', { optional: true, doc: 'OpenTelemetry collector; absent means no tracing.' }),
  operationalRefresh: ms('PANDA_OPERATIONAL_REFRESH', {
    default: '30s',
    min: 1_000,
    doc: 'How often rows of the CONFIG table are read again.',
  }),
  defaultMetrics: bool('PANDA_PROCESS_METRICS', {
    default: true,
    doc: 'Metrics of the process itself (memory, event loop, garbage).',
  }),
});

export type RuntimeConfig = ConfigOf<typeof runtimeKeys>;
