import type { AddressInfo } from 'node:net';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigError, changedKeys, readAllKeys } from '@panda/config';
import { Clock, Log } from '@panda/domain';
import { ProbeListener } from '../health/probe-listener.js';
import { ServiceHealth } from '../health/service-health.js';
import { NestLog } from '../log/nest-log.js';
import { PromMetrics } from '../prom-metrics.js';
import { type RuntimeConfig, runtimeKeys } from '../runtime.config.js';
import { identify } from './identity.js';
import { watchMemory } from './memory-watch.js';
import { supervise } from './supervise.js';
import { type StopTracing, startTracing } from './tracing.js';

export interface HttpOptions {
  /** Options of the Fastify server beside our own (TLS, limits). */
  readonly server?: ConstructorParameters<typeof FastifyAdapter>[0];
  /** Hooks, parsers and plugins, before the application starts to listen. */
  readonly configure?: (app: NestFastifyApplication) => Promise<void> | void;
}

export interface ServiceOptions {
  /** Name in logs, metrics and messages: `gateway`, `jedi-task-refiner`, … */
  readonly name: string;
  /** Serves HTTP on PANDA_HTTP_PORT; else only probes, on PANDA_HEALTH_PORT. */
  readonly http?: boolean | HttpOptions;
}

/** A service that runs in this process. */
export interface RunningService {
  readonly app: INestApplicationContext;
  /** Where it listens: HTTP, or the probes; undefined when it does not. */
  readonly port: number | undefined;
  stop(): Promise<void>;
}

/** Starts a service and leaves its process to it: the whole `main.ts` of an app. */
export async function runService(module: Type, options: ServiceOptions): Promise<void> {
  try {
    const service = await startService(module, options);
    const config = runtimeKeys.read();
    const supervised = {
      log: service.app.get(Log),
      clock: service.app.get(Clock),
      health: service.app.get(ServiceHealth),
      stopLimitMs: config.stopLimit,
      stop: () => service.stop(),
    };
    const { stop } = supervise(supervised, process);
    watchMemory(config.memoryPart, (usedBytes) => stop(`${usedBytes} bytes of memory in use`));
  } catch (error) {
    // Before the log exists, or instead of it: an operator reads this on a terminal.
    process.stderr.write(
      `${options.name}: ${error instanceof ConfigError ? error.message : ((error as Error).stack ?? error)}\n`,
    );
    process.exitCode = error instanceof ConfigError ? 2 : 1;
    process.exit();
  }
}

/**
 * Starts a service. Nest's stages are the order of a stop: `onModuleDestroy` = stop taking work and finish what is in hand,
 * `beforeApplicationShutdown` = release leases, `onApplicationShutdown` = close connections.
 */
export async function startService(module: Type, options: ServiceOptions): Promise<RunningService> {
  readAllKeys();
  identify(options.name);
  const config = runtimeKeys.read();
  const http = options.http === true ? {} : options.http || undefined;
  const app = http ? await httpApp(module, http, config) : await NestFactory.createApplicationContext(module, NEST_OPTIONS);
  const log = app.get(Log);
  app.useLogger(new NestLog(log));
  const stopTracing = await startTracing(options.name, config.traces, log);
  const listener = http ? undefined : await probeListener(app, config);
  if (http) await (app as NestFastifyApplication).listen(config.httpPort, config.httpHost);
  const port = listener?.port ?? (http ? boundPort(app as NestFastifyApplication) : undefined);
  app.get(ServiceHealth).started();
  log.info('started', { port, changed: changedKeys() });
  return { app, port, stop: () => stopService(app, config, listener, stopTracing) };
}

const NEST_OPTIONS = { bufferLogs: true, abortOnError: false };

async function httpApp(module: Type, http: HttpOptions, config: RuntimeConfig): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: config.httpBodyLimit,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    ...http.server,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, NEST_OPTIONS);
  await http.configure?.(app);
  return app;
}

function probeListener(app: INestApplicationContext, config: RuntimeConfig): Promise<ProbeListener> | undefined {
  if (config.healthPort === undefined) return undefined;
  return ProbeListener.open(config.healthPort, config.httpHost, app.get(ServiceHealth), app.get(PromMetrics));
}

function boundPort(app: NestFastifyApplication): number {
  return (app.getHttpServer().address() as AddressInfo).port;
}

async function stopService(
  app: INestApplicationContext,
  config: RuntimeConfig,
  listener: ProbeListener | undefined,
  stopTracing: StopTracing,
): Promise<void> {
  app.get(ServiceHealth).stopping();
  const log = app.get(Log);
  await app.get(Clock).sleep(config.routingPause);
  await app.close();
  await listener?.close();
  await stopTracing();
  log.info('stopped');
}
