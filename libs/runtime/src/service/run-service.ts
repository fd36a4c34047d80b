import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigError, changedKeys, readAllKeys } from '@panda/config';
import { Clock, Log } from '@panda/domain';
import { ServiceHealth } from '../health/service-health.js';
import { NestLog } from '../log/nest-log.js';
import { type RuntimeConfig, runtimeKeys } from '../runtime.config.js';
import { identify } from './identity.js';
import { watchMemory } from './memory-watch.js';
import { supervise } from './supervise.js';
import { type StopTracing, startTracing } from './tracing.js';

export interface ServiceOptions {
  /** Name in logs, metrics and messages: `gateway`, `jedi-task-refiner`, … */
  readonly name: string;
  /** Serves an API on PANDA_HTTP_PORT; otherwise only probes and metrics are served, on PANDA_HEALTH_PORT if that is set. */
  readonly http?: boolean;
  /** Options of the Fastify server beside our own (TLS, limits). */
  readonly server?: ConstructorParameters<typeof FastifyAdapter>[0];
  /** Hooks, parsers, plugins and transports, before the application starts to listen. */
  readonly prepare?: (app: NestFastifyApplication) => Promise<void> | void;
}

/** A service that runs in this process. */
export interface RunningService {
  readonly app: NestFastifyApplication;
  /** Where it listens; undefined when it does not. */
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
    // Said last: who reads it may send a signal at once.
    supervised.log.info('started', { port: service.port, changed: changedKeys() });
    watchMemory(config.memoryPart, (usedBytes) => stop(`${usedBytes} bytes of memory in use`));
  } catch (error) {
    // Before the log exists, or instead of it: an operator reads this on a terminal.
    process.stderr.write(
      `${options.name}: ${error instanceof ConfigError ? error.message : ((error as Error).stack ?? error)}\n`,
    );
    process.exit(error instanceof ConfigError ? 2 : 1);
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
  const app = await createApp(module, options, config);
  const log = app.get(Log);
  const stopTracing = await startTracing(options.name, config.traces, log);
  await options.prepare?.(app);
  const port = await listen(app, config, options.http ?? false);
  app.get(ServiceHealth).started();
  return { app, port, stop: () => stopService(app, config, stopTracing) };
}

async function createApp(module: Type, { server }: ServiceOptions, config: RuntimeConfig): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: config.httpBodyLimit,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    ...server,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { bufferLogs: true, abortOnError: false });
  app.useLogger(new NestLog(app.get(Log)));
  return app;
}

async function listen(app: NestFastifyApplication, config: RuntimeConfig, http: boolean): Promise<number | undefined> {
  const port = http ? config.httpPort : config.healthPort;
  if (port === undefined) {
    await app.init();
    return undefined;
  }
  await app.listen(port, config.httpHost);
  return (app.getHttpServer().address() as AddressInfo).port;
}

async function stopService(app: NestFastifyApplication, config: RuntimeConfig, stopTracing: StopTracing): Promise<void> {
  app.get(ServiceHealth).stopping();
  const log = app.get(Log);
  await app.get(Clock).sleep(config.routingPause);
  await app.close();
  await stopTracing();
  log.info('stopped');
}
