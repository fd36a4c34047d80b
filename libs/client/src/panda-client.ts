import { DataCalls } from './calls/data.js';
import { JobCalls } from './calls/jobs.js';
import { QueueCalls } from './calls/queues.js';
import { SandboxCalls } from './calls/sandboxes.js';
import { SecretCalls } from './calls/secrets.js';
import { SystemCalls } from './calls/system.js';
import { TaskCalls } from './calls/tasks.js';
import { WorkflowCalls } from './calls/workflows.js';
import { Connection, type ConnectionOptions } from './connection.js';

/**
 * The PanDA server as typed calls, one module of API v1 per field. Answers are results or {@link ClientError}s, never raw envelopes;
 * whatever a server replies is parsed as data under a size limit and never evaluated.
 */
export class PandaClient {
  readonly connection: Connection;
  readonly tasks: TaskCalls;
  readonly jobs: JobCalls;
  readonly sandboxes: SandboxCalls;
  readonly secrets: SecretCalls;
  readonly data: DataCalls;
  readonly queues: QueueCalls;
  readonly workflows: WorkflowCalls;
  readonly system: SystemCalls;

  constructor(options: ConnectionOptions) {
    this.connection = new Connection(options);
    this.tasks = new TaskCalls(this.connection);
    this.jobs = new JobCalls(this.connection);
    this.sandboxes = new SandboxCalls(this.connection);
    this.secrets = new SecretCalls(this.connection);
    this.data = new DataCalls(this.connection);
    this.queues = new QueueCalls(this.connection);
    this.workflows = new WorkflowCalls(this.connection);
    this.system = new SystemCalls(this.connection);
  }

  close(): void {
    this.connection.close();
  }
}
