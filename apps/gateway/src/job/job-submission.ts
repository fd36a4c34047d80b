import { Injectable } from '@nestjs/common';
import {
  type JobRecord,
  jobAttributes,
  lateJobAttributes,
  operations,
  PickleError,
  parseJson,
  readJobInstances,
  readJobStates,
  unpickle,
} from '@panda/contracts';
import { Database, type NewJob, OperatorTables, PriorityRepository, reserveJobIds, storeJobs, type Tx } from '@panda/database';
import { datasetName, leavesItsFolder, resourceTypeOfJob, type ShareTree, tagShare } from '@panda/domain';
import { Audit } from '../audit/audit.js';
import { hasRole, type Identity } from '../auth/caller.js';
import { foreignRefusal, nameRefusal } from '../data/name-rights.js';
import { type Call, identityOf, Refused } from '../http/call.js';
import { ShareOrder } from '../pilot/share-order.js';
import { attribute, newJob } from './submitted-job.js';
import { UserLine, workingGroupOf } from './user-line.js';

/** Labels a caller may give; `managed` and tests of production need the role. */
const USER_LABELS: readonly string[] = ['user', 'panda'];
const REFUSED_LABEL = 'ddm';

/** Jobs that belong to no task: ready-made, with their queue named. */
@Injectable()
export class JobSubmission {
  constructor(
    private readonly database: Database,
    private readonly tables: OperatorTables,
    private readonly shares: ShareOrder,
    private readonly priorities: PriorityRepository,
    private readonly audit: Audit,
  ) {}

  /** Jobs with their new ids, in order. Throws {@link Refused} when one of them cannot be taken: then none is. */
  async submit(text: unknown, call: Call): Promise<operations.SubmittedJob[]> {
    const caller = identityOf(call);
    const records = readRecords(text).slice(0, operations.SUBMITTED_JOBS_MAX);
    if (records.length === 0) return [];
    await this.check(records, caller);
    const [tree, types] = await Promise.all([this.shares.currentTree(), this.tables.resourceTypes()]);
    const { pandaIds } = await reserveJobIds(this.database, { jobs: records.length, files: 0 });
    const line = new UserLine(caller, (account) => this.priorities.activeJobs(account));
    const jobs: NewJob[] = [];
    for (const [i, record] of records.entries()) {
      const priority = await line.priority(record);
      jobs.push(
        this.build(record, { pandaId: pandaIds[i] as number, firstId: pandaIds[0] as number, priority }, caller, tree, types),
      );
    }
    await this.database.transaction((tx) => this.store(tx, jobs, call));
    return jobs.map(({ job }) => ({
      pandaId: job.pandaid,
      jobDefinitionId: Number(job.jobdefinitionid),
      jobsetId: job.jobsetid === null ? null : Number(job.jobsetid),
      jobName: String(job.jobname ?? ''),
    }));
  }

  private build(
    record: JobRecord,
    { pandaId, firstId, priority }: { pandaId: number; firstId: number; priority: number | null },
    caller: Identity,
    tree: ShareTree,
    types: Parameters<typeof resourceTypeOfJob>[0],
  ): NewJob {
    const text = (name: string) => {
      const value = attribute(record.attributes, name);
      return typeof value === 'string' && value !== '' ? value : null;
    };
    const label = text('prodSourceLabel');
    const ofUser = USER_LABELS.includes(label ?? '');
    const workingGroup = workingGroupOf(record, caller);
    const subject = { vo: text('VO') ?? caller.vo, prodSourceLabel: label, workingGroup, processingType: text('processingType') };
    const definition = attribute(record.attributes, 'jobDefinitionID');
    return newJob(record, {
      pandaId,
      jobDefinitionId: typeof definition === 'number' && definition > 0 ? definition : firstId,
      jobsetId: ofUser ? firstId : null,
      userName: caller.userName,
      subject: caller.subject,
      workingGroup,
      priority,
      gshare: tagShare(tree, { ...subject, campaign: null, transPath: null, rtype: null }),
      resourceType: resourceTypeOfJob(types, {
        coreCount: numberOf(record, 'coreCount'),
        minRamCount: numberOf(record, 'minRamCount'),
      }),
    });
  }

  private async check(records: readonly JobRecord[], caller: Identity): Promise<void> {
    const queues = new Set((await this.tables.queues()).map(({ name }) => name));
    for (const { attributes, files } of records) {
      const label = String(attribute(attributes, 'prodSourceLabel') ?? '');
      if (label === '' || label === REFUSED_LABEL)
        throw Refused.argument(`prodSourceLabel=${JSON.stringify(label)} is not accepted`);
      if (!USER_LABELS.includes(label) && !hasRole(caller, 'production', 'admin')) {
        throw new Refused({ reason: 'role', message: `prodSourceLabel=${JSON.stringify(label)} needs the production role` });
      }
      const site = attribute(attributes, 'computingSite');
      if (typeof site !== 'string' || !queues.has(site)) throw Refused.argument('computingSite must name a known queue');
      if (typeof attribute(attributes, 'transformation') !== 'string') throw Refused.argument('transformation is missing');
      checkOutputs({ attributes, files }, caller);
    }
  }

  private async store(tx: Tx, jobs: readonly NewJob[], call: Call): Promise<void> {
    await storeJobs(tx, jobs);
    const ids = jobs.map(({ job }) => job.pandaid);
    await this.audit.record(tx, call, {
      method: 'job.submit',
      object: `job:${ids[0]}`,
      outcome: 'accepted',
      summary: { jobs: ids.length, first: ids[0], last: ids.at(-1) },
    });
  }
}

/** Files of a job that it makes. */
const MADE: readonly unknown[] = ['output', 'log'];

/** Outputs go where the caller may write: the same rule as for datasets a caller registers. */
function checkOutputs({ attributes, files }: JobRecord, caller: Identity): void {
  const made = files.filter((file) => MADE.includes(attribute(file, 'type')));
  const datasets = [attributes, ...made].flatMap((given) => [
    attribute(given, 'destinationDBlock'),
    ...(given === attributes ? [] : [attribute(given, 'dataset')]),
  ]);
  for (const name of new Set(datasets.filter(isName)))
    refuseFor('destinationDBlock', name, nameRefusal(datasetName(name), caller));
  for (const name of made.map((file) => attribute(file, 'lfn')).filter(isName)) {
    if (leavesItsFolder(name)) throw Refused.argument("lfn must not have '..' in its path");
    refuseFor('lfn', name, foreignRefusal(datasetName(name), caller));
  }
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '';

function refuseFor(key: string, name: string, refusal: string | null): void {
  if (refusal !== null) throw Refused.argument(`${key} ${name.slice(0, 80)}: ${refusal}`);
}

/** A pickle of job records from classic clients, JSON text of state lists from newer ones. */
function readRecords(given: unknown): JobRecord[] {
  if (typeof given !== 'string') throw Refused.argument('jobs must be text');
  try {
    if (given.startsWith('[')) return readJobStates(parseJson(given), [...jobAttributes, ...lateJobAttributes]);
    return readJobInstances(unpickle(Buffer.from(given, 'latin1')));
  } catch (error) {
    if (error instanceof PickleError) throw Refused.argument(error.message);
    throw error;
  }
}

function numberOf(record: JobRecord, name: string): number | null {
  const value = attribute(record.attributes, name);
  return typeof value === 'number' ? value : null;
}
