import type { Log } from '@panda/domain';

/** Ends tracing: sends what is still buffered. */
export type StopTracing = () => Promise<void>;

/**
 * Starts OpenTelemetry when a collector is configured, and costs nothing otherwise: the SDK is loaded only then. Code uses
 * `@opentelemetry/api` alone, whose calls do nothing without the SDK.
 */
export async function startTracing(service: string, collector: string | undefined, log: Log): Promise<StopTracing> {
  if (collector === undefined) return () => Promise.resolve();
  const { NodeSDK, resources } = await import('@opentelemetry/sdk-node');
  const sdk = new NodeSDK({ resource: resources.resourceFromAttributes({ 'service.name': service }) });
  sdk.start();
  log.info('tracing', { collector });
  return async () => {
    try {
      await sdk.shutdown();
    } catch (error) {
      log.warn('the last spans could not be sent', { error }); // never a reason to fail a stop
    }
  };
}
