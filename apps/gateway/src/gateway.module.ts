import { Module } from '@nestjs/common';
import { BusModule } from '@panda/bus';
import {
  AccountRepository,
  AuditTrail,
  DatabaseModule,
  HarvesterRepository,
  JobQueryRepository,
  PresenceRepository,
  PriorityRepository,
  StatisticsRepository,
  TaskIntakeRepository,
  TaskQueryRepository,
  UserDataRepository,
} from '@panda/database';
import { DdmCatalogModule } from '@panda/ddm-catalog';
import { RuntimeModule } from '@panda/runtime';
import { Audit } from './audit/audit.js';
import { AccountGuard } from './auth/account-guard.js';
import { AuthConfigs } from './auth/auth-configs.js';
import { Identification } from './auth/identification.js';
import { PilotCredentials } from './creds/pilot-credentials.js';
import { UserSecrets } from './creds/user-secrets.js';
import { UserData } from './data/user-data.js';
import { FileStore } from './file/file-store.js';
import { LogsAndCheckpoints } from './file/logs-and-checkpoints.js';
import { Sandboxes } from './file/sandboxes.js';
import { StaticRoutes } from './file/static-routes.js';
import { gatewayKeys } from './gateway.config.js';
import { handlerClasses } from './handlers.js';
import { HarvesterGuard } from './harvester/harvester-guard.js';
import type { Handler } from './http/call.js';
import { HttpServer } from './http/http-server.js';
import { HANDLERS } from './http/registry.js';
import { runtimeProvider } from './http/runtime.js';
import { TaskOwners } from './http/task-owners.js';
import { DebugMode } from './job/debug-mode.js';
import { JobExplanation } from './job/job-explanation.js';
import { JobKill } from './job/job-kill.js';
import { JobSubmission } from './job/job-submission.js';
import { QueueData } from './metaconfig/queue-data.js';
import { MonitorQueries } from './monitor/monitor-queries.js';
import { MonitorRoutes } from './monitor/monitor-routes.js';
import { JobDispatch } from './pilot/job-dispatch.js';
import { PilotReports } from './pilot/pilot-reports.js';
import { ReportOwners } from './pilot/report-owners.js';
import { ShareOrder } from './pilot/share-order.js';
import { Presence } from './system/presence.js';
import { TaskCommands } from './task/task-commands.js';
import { TaskExplanation } from './task/task-explanation.js';
import { TaskSearchService } from './task/task-search.js';
import { TaskSubmission } from './task/task-submission.js';

/** The PanDA server: both dialects of its API, job dispatch, files, and the lists that pbook reads. */
@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, DdmCatalogModule],
  providers: [
    gatewayKeys.provider,
    runtimeProvider,
    AccountRepository,
    AuditTrail,
    HarvesterRepository,
    JobQueryRepository,
    PresenceRepository,
    PriorityRepository,
    StatisticsRepository,
    TaskIntakeRepository,
    TaskQueryRepository,
    UserDataRepository,
    AccountGuard,
    Audit,
    AuthConfigs,
    DebugMode,
    FileStore,
    HarvesterGuard,
    HttpServer,
    Identification,
    JobExplanation,
    JobDispatch,
    JobKill,
    JobSubmission,
    LogsAndCheckpoints,
    MonitorQueries,
    MonitorRoutes,
    PilotCredentials,
    Presence,
    PilotReports,
    QueueData,
    ReportOwners,
    Sandboxes,
    ShareOrder,
    StaticRoutes,
    TaskCommands,
    TaskExplanation,
    TaskOwners,
    TaskSearchService,
    TaskSubmission,
    UserData,
    UserSecrets,
    ...handlerClasses,
    { provide: HANDLERS, useFactory: (...handlers: Handler[]) => handlers, inject: handlerClasses },
  ],
})
export class GatewayModule {}
