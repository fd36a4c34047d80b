import { Inject, Injectable } from '@nestjs/common';
import { Agent, AgentRuntime, agentSettings, type CycleReport, IDLE, type Wake } from '@panda/agents';
import { OperationalConfig } from '@panda/config';
import { type DatasetRow, OperatorTables, TaskBrokerRepository, TaskClaims } from '@panda/database';
import {
  brokerTask,
  type ConfigValue,
  DdmError,
  explainVerdict,
  type Nucleus,
  type TaskBrokerOptions,
  type TaskSpec,
  taskBrokerOptionsOf,
  taskOfColumns,
  taskStatus,
} from '@panda/domain';
import { DEFAULT_TOKEN, Nuclei, type NucleusWorld } from './nuclei.js';
import { type TaskBrokerConfig, taskBrokerKeys } from './task-broker.config.js';

/** Output that is spread over the places where the jobs run stays there. */
const DISTRIBUTED = 'ddd';
const gatheredTypes: readonly string[] = ['output', 'log', 'tmpl_output', 'tmpl_log'];

/** assigning → ready: the nucleus that gathers a task's output. Spec: JEDI › Task Broker. */
@Injectable()
export class TaskBrokerAgent extends Agent {
  constructor(
    runtime: AgentRuntime,
    @Inject(taskBrokerKeys.token) private readonly config: TaskBrokerConfig,
    private readonly claims: TaskClaims,
    private readonly tasks: TaskBrokerRepository,
    private readonly nuclei: Nuclei,
    private readonly tables: OperatorTables,
    @Inject(OperationalConfig) private readonly operational: OperationalConfig,
  ) {
    super('jedi-task-broker', runtime, agentSettings(config));
  }

  protected async cycle(wake: Wake): Promise<CycleReport> {
    const limit = this.settings.batch;
    const claim = this.newClaim();
    const statuses = [taskStatus.assigning];
    const ids = wake.sweep ? await this.tasks.waiting(limit) : wake.ids;
    const claimed = await this.claims.take({ statuses, ids, claim, limit });
    if (!wake.sweep) this.wakeLater(await this.claims.missed(statuses, ids, claimed));
    if (claimed.length === 0) return IDLE;
    try {
      const world = await this.nuclei.read();
      let done = 0;
      for (const row of await this.tasks.look(
        claim,
        claimed.map(({ id }) => id),
      )) {
        if (await this.broker(claim, taskOfColumns(row.task), world)) done += 1;
      }
      // A task that found none has a date for its next look, so the sweep goes on with the next batch.
      return { claimed: claimed.length, done, waiting: claimed.length - done, more: wake.sweep && claimed.length === limit };
    } finally {
      await this.claims.release(claim);
    }
  }

  private async broker(claim: string, task: TaskSpec, world: NucleusWorld): Promise<boolean> {
    const { jediTaskId } = task;
    const againInS = Math.ceil(this.config.holdFor / 1_000);
    const datasets = await this.tasks.datasets([jediTaskId]);
    const outputs = datasets.filter(
      ({ type, destination }) => gatheredTypes.includes(type) && !destination?.startsWith(DISTRIBUTED),
    );
    const tokens = [...new Set(outputs.map(tokenOf))];
    try {
      const nuclei = await this.nuclei.forTask(world, task, datasets, tokens);
      const request = { task, tokens, isPrestaged: task.splitRule.has('inputPreStaging') };
      const { nucleus, verdict } = brokerTask(request, nuclei, await this.options(task), this.runtime.random);
      const chosen = nuclei.find(({ name }) => name === nucleus);
      if (!chosen) {
        await this.tasks.wait(claim, jediTaskId, { reason: explainVerdict(verdict), verdict, againInS });
        this.log.info('no nucleus for a task', { jediTaskId, reason: explainVerdict(verdict) });
        return false;
      }
      this.log.info('nucleus chosen', { jediTaskId, nucleus: chosen.name });
      const directed = outputs.map((dataset) => ({ datasetId: dataset.datasetId, token: placedToken(dataset, chosen) }));
      return await this.tasks.choose(claim, { jediTaskId, nucleus: chosen.name, verdict, outputs: directed });
    } catch (error) {
      if (!(error instanceof DdmError)) throw error;
      this.log.warn('data management cannot say where input is', { jediTaskId, reason: error.message });
      const reason = `data management cannot say where input is: ${error.message}`;
      await this.tasks.wait(claim, jediTaskId, { reason, verdict: null, againInS });
      return false;
    }
  }

  private async options(task: TaskSpec): Promise<TaskBrokerOptions> {
    const queue = (await this.tables.workQueues()).find(({ queueId }) => queueId === task.workQueueId);
    const value: ConfigValue = (key) => {
      const found = this.operational.find('jedi', 'taskbrokerage', key, task.vo);
      return typeof found === 'number' || typeof found === 'string' || typeof found === 'boolean' ? found : undefined;
    };
    return taskBrokerOptionsOf(value, queue?.name ?? '');
  }
}

function tokenOf({ storageToken }: DatasetRow): string {
  return storageToken || DEFAULT_TOKEN;
}

/** `dst:<endpoint>/<token>`, as pilots and the adder of production read it. */
function placedToken(dataset: DatasetRow, nucleus: Nucleus): string | null {
  const endpoint = nucleus.endpoints.get(tokenOf(dataset));
  return endpoint && dataset.storageToken ? `dst:${endpoint.name}/${dataset.storageToken}` : null;
}
