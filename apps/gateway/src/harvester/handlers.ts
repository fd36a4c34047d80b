import { AcknowledgeCommands } from './acknowledge-commands.handler.js';
import { AcquireCommands } from './acquire-commands.handler.js';
import { AddDialogs } from './add-dialogs.handler.js';
import { GetCurrentWorkerId } from './get-current-worker-id.handler.js';
import { GetWorkerStatistics } from './get-worker-statistics.handler.js';
import { HarvesterHeartbeat } from './heartbeat.handler.js';
import { ReportWorkerStatistics } from './report-worker-statistics.handler.js';
import { SetSlots } from './set-slots.handler.js';
import { SweepQueue } from './sweep-queue.handler.js';
import { UpdateServiceMetrics } from './update-service-metrics.handler.js';
import { UpdateWorkers } from './update-workers.handler.js';

/** Operations of this group: an operation without a handler here does not start. */
export const harvesterHandlers = [
  AcknowledgeCommands,
  AcquireCommands,
  AddDialogs,
  GetCurrentWorkerId,
  GetWorkerStatistics,
  HarvesterHeartbeat,
  ReportWorkerStatistics,
  SetSlots,
  SweepQueue,
  UpdateServiceMetrics,
  UpdateWorkers,
];
