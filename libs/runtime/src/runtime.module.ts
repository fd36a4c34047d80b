import { Global, Module } from '@nestjs/common';
import { ConfigRows, OperationalConfig } from '@panda/config';
import { Clock, Health, Ids, Log, Metrics, Random } from '@panda/domain';
import { ProbeController } from './health/probe.controller.js';
import { ServiceHealth } from './health/service-health.js';
import { PinoLog } from './log/pino-log.js';
import { PromMetrics } from './prom-metrics.js';
import { type RuntimeConfig, runtimeKeys } from './runtime.config.js';
import { currentIdentity, ServiceIdentity } from './service/identity.js';
import { OperationalRefresh } from './service/operational-refresh.js';
import { SystemClock, SystemRandom, UuidV7 } from './system.js';

/** What every process has: log, metrics, health, time, ids, randomness and the operators' configuration. */
@Global()
@Module({
  controllers: [ProbeController],
  providers: [
    runtimeKeys.provider,
    { provide: ServiceIdentity, useFactory: currentIdentity },
    {
      provide: Log,
      useFactory: (config: RuntimeConfig, { name }: ServiceIdentity) => PinoLog.open({ ...config, service: name }),
      inject: [runtimeKeys.token, ServiceIdentity],
    },
    {
      provide: PromMetrics,
      useFactory: (config: RuntimeConfig, { name }: ServiceIdentity) =>
        new PromMetrics({ service: name, defaults: config.defaultMetrics }),
      inject: [runtimeKeys.token, ServiceIdentity],
    },
    { provide: Metrics, useExisting: PromMetrics },
    { provide: ServiceHealth, useFactory: () => new ServiceHealth() },
    { provide: Health, useExisting: ServiceHealth },
    { provide: Clock, useFactory: () => new SystemClock() },
    { provide: Ids, useFactory: () => new UuidV7() },
    { provide: Random, useFactory: () => new SystemRandom() },
    {
      provide: OperationalConfig,
      useFactory: (rows?: ConfigRows) => new OperationalConfig(rows),
      inject: [{ token: ConfigRows, optional: true }],
    },
    OperationalRefresh,
  ],
  exports: [
    ServiceIdentity,
    Log,
    PromMetrics,
    Metrics,
    ServiceHealth,
    Health,
    Clock,
    Ids,
    Random,
    OperationalConfig,
    runtimeKeys.token,
  ],
})
export class RuntimeModule {}
