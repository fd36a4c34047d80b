export * from './audit/audit-trail.js';
export * from './contents/contents.js';
export * from './database.config.js';
export * from './entities/index.js';
export * from './idempotency/idempotency.js';
export * from './inbox/inbox.js';
export * from './invariants/check.js';
export type { Invariant } from './invariants/invariant.js';
export * from './jobs/follow-up.js';
export * from './jobs/hand-out.js';
export * from './jobs/job-columns.js';
export * from './jobs/kill.js';
export * from './jobs/pilot-updates.js';
export * from './jobs/settlement.js';
export * from './jobs/store.js';
export type { TaskNeeds } from './jobs/task-needs.js';
export * from './kernel/copy.js';
export * from './kernel/database.js';
export * from './kernel/dedicated-session.js';
export * from './kernel/statement.js';
export * from './kernel/transient.js';
export { migrationFiles, migrationNames } from './migrations/index.js';
export * from './migrations/migrate.js';
export * from './migrations/schema-check.js';
export { migrationsHash } from './migrations/sql-migration.js';
export * from './module/database.module.js';
export * from './operators/config-rows.js';
export * from './operators/operator-tables.js';
export * from './outbox/nudge.js';
export { AccountRepository } from './repositories/account.repository.js';
export { AdderRepository, type TaskBatch } from './repositories/adder.repository.js';
export { CommandRepository, type WaitingCommand } from './repositories/command.repository.js';
export { ConclusionRepository } from './repositories/conclusion.repository.js';
export { DdmRepository } from './repositories/ddm.repository.js';
export { ExternalInputRepository, type OutsideName } from './repositories/external-input.repository.js';
export { FailedJobRepository } from './repositories/failed-job.repository.js';
export { type FedTask, FeedingRepository, type FilledDataset, type UnfilledDataset } from './repositories/feeding.repository.js';
export { FinalisationRepository } from './repositories/finalisation.repository.js';
export { GenerationRepository, type ReservedBatch } from './repositories/generation.repository.js';
export { HarvesterRepository } from './repositories/harvester.repository.js';
export { JobQueryRepository } from './repositories/job-query.repository.js';
export { type DueMail, MailRepository } from './repositories/mail.repository.js';
export { type NewConfigValue, OperationsRepository, type QueueData } from './repositories/operations.repository.js';
export { PRESENCE_MS, PresenceRepository } from './repositories/presence.repository.js';
export { PriorityRepository } from './repositories/priority.repository.js';
export { RebrokerageRepository } from './repositories/rebrokerage.repository.js';
export { RefinementRepository } from './repositories/refinement.repository.js';
export { wakeReleased } from './repositories/released-tasks.js';
export { type Expired, RetentionRepository } from './repositories/retention.repository.js';
export { RetryRepository } from './repositories/retry.repository.js';
export { type NewSite, SiteRepository } from './repositories/site.repository.js';
export { StatisticsRepository } from './repositories/statistics.repository.js';
export { type NucleusChoice, TaskBrokerRepository } from './repositories/task-broker.repository.js';
export { CLAIM_STALE_S, TaskClaims } from './repositories/task-claims.repository.js';
export { TaskIntakeRepository } from './repositories/task-intake.repository.js';
export { TaskQueryRepository } from './repositories/task-query.repository.js';
export { TimeoutRepository } from './repositories/timeout.repository.js';
export { UserDataRepository } from './repositories/user-data.repository.js';
export { WatchdogRepository } from './repositories/watchdog.repository.js';
export type { ReportedJobRow } from './statements/adder.js';
export * from './statements/bus-message.js';
export type { CommandedTask } from './statements/commands.js';
export * from './statements/configuration.js';
export {
  type ContentRow,
  readContentKeys,
  readFiles,
  recountInputs,
  takeSerialNumbers,
  tasksWithStalePicks,
} from './statements/contents.js';
export * from './statements/datasets.js';
export * from './statements/dead-letter.js';
export type { TaskToFeed } from './statements/feeding.js';
export type { FinalisableTask } from './statements/finalisation.js';
export type { OutputTemplateRow, TaskToGenerate } from './statements/generation.js';
export type { HandedFile, HandedJob } from './statements/hand-out.js';
export type { DebugJob, JobFileRow, JobRow, KillCandidate } from './statements/job-queries.js';
export {
  type JobAttribute,
  jobAttributes,
  type LockedJob,
  setPilotCommand,
  storeMetadata,
  storeStdout,
} from './statements/job-report.js';
export * from './statements/job-store.js';
export * from './statements/job-store.js';
export * from './statements/lease.js';
export * from './statements/lease.js';
export type { OutboxTopicRow } from './statements/operations.js';
export * from './statements/outbox-relay.js';
export type { TaskToConclude } from './statements/post-processing.js';
export * from './statements/queue-load.js';
export type { TaskToRefine } from './statements/refinement.js';
export * from './statements/retention.js';
export type { FailedJobRow } from './statements/retry-module.js';
export type { FinishedJob, MeasurementParams } from './statements/scouts.js';
export type { TaskToBroker } from './statements/task-broker.js';
export type { DatasetSummary, TaskRow } from './statements/task-queries.js';
export type { TimedJobRow } from './statements/timed-jobs.js';
export * from './statements/topology.js';
export type { CatalogueFileRow } from './statements/user-data.js';
export * from './statements/verdicts.js';
export * from './statements/work-lists.js';
export * from './transitions/dataset.transitions.js';
export { ClaimLost } from './transitions/end-of-turn.js';
export * from './transitions/job.transitions.js';
export type { Moved, Moves } from './transitions/plan.js';
export * from './transitions/task.transitions.js';
