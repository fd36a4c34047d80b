import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { jobStatus, type Log, type PilotState } from '@panda/domain';
import { asJobFailure, FailureList, JobFailure } from '../errors/job-failure.js';
import { newestOutput, runDebugCommand } from '../monitor/debug-command.js';
import { JobMonitor } from '../monitor/job-monitor.js';
import { PAYLOAD_STDERR, tailOf } from '../payload/payload.js';
import { payloadEnvironment } from '../payload/payload-env.js';
import { runSteps, type StepContext, type StepsEnd } from '../payload/steps.js';
import { KNOWN_BASES } from '../payload/transform.js';
import { fileSink } from '../process/pilot-log.js';
import type { ProcessGroup } from '../process/process-group.js';
import type { QueueData } from '../queue/queue-data.js';
import type { StorageData } from '../queue/storage-data.js';
import { jobMetrics } from '../report/job-metrics.js';
import { readJobReport } from '../report/job-report.js';
import { Reporter } from '../report/reporter.js';
import { me } from '../report/spool.js';
import { identityFields, progressFields, shortened, type UpdateIdentity } from '../report/update-fields.js';
import type { Instruction } from '../server/backchannel.js';
import type { Fields } from '../server/panda-server.js';
import { accessMode } from '../transfer/access-mode.js';
import { writePoolFileCatalog } from '../transfer/pool-file-catalog.js';
import { type DataContext, stageIn } from '../transfer/stage-in.js';
import { checkOutputs, type ReportedFile, stageOut } from '../transfer/stage-out.js';
import { concludeJob } from './conclude-job.js';
import type { PilotContext } from './job-context.js';
import type { JobDefinition } from './job-definition.js';
import { makeJobDirectory, PILOT_LOG } from './job-directory.js';
import { JobEnd } from './job-end.js';
import { Stopwatch } from './stopwatch.js';

/** What a job has beside its pilot. */
export interface JobInput {
  readonly job: JobDefinition;
  readonly queue: QueueData;
  readonly storages: StorageData;
  readonly identity: UpdateIdentity;
  /** Seconds the pilot has left. */
  readonly lifetimeS: number;
  /** How long the request for the job took. */
  readonly getJobMs: number;
  /** From the start of the pilot to its first request; 0 for later jobs. */
  readonly initialSetupMs: number;
  /** From the job's arrival until queue and storage were known for it. */
  readonly setupMs: number;
  readonly end: JobEnd;
}

/** So much of a payload's errors is looked at for the log. */
const STDERR_LOOK = 65_536;

/** One job from its directory to the final report that the server took. Spec: Pilot › Workflow. */
export class JobRun {
  readonly mark = randomUUID();
  readonly failures = new FailureList();
  readonly files: Record<string, ReportedFile> = {};
  readonly watch: Stopwatch;
  readonly log: Log;
  directory = '';
  state: PilotState = jobStatus.starting;
  steps: StepsEnd | undefined;
  keepDirectory: boolean;
  monitor: JobMonitor | undefined;
  /** Inputs that stay at the storage: name to address. */
  private readonly inPlace = new Map<string, string>();
  private group: ProcessGroup | undefined;
  private debugOutput: string | undefined;
  private debugging: boolean;
  private looks: Promise<void> = Promise.resolve();

  constructor(
    readonly input: JobInput,
    readonly pilot: PilotContext,
  ) {
    this.watch = new Stopwatch(pilot.clock);
    this.watch.add('getjob', input.getJobMs);
    this.watch.add('initialSetup', input.initialSetupMs);
    this.watch.add('setup', input.setupMs);
    this.log = pilot.log.with({ pandaId: input.job.pandaId });
    this.keepDirectory = !pilot.options.cleanup;
    this.debugging = input.job.debug;
  }

  /** True when the server has the final report. A job that another pilot here is running is not touched: throws {@link JobFailure}. */
  async run(): Promise<boolean> {
    const { pilot, input } = this;
    if (pilot.spool.heldByOther(input.job)) throw new JobFailure('JOBALREADYRUNNING', input.job.pandaId);
    this.directory = makeJobDirectory(pilot.workDir, input.job);
    const untee = pilot.log.tee(fileSink(join(this.directory, PILOT_LOG)));
    const { pandaId, attemptNr } = input.job;
    pilot.spool.save({ pandaId, attemptNr, owner: me(), mark: this.mark, directory: this.directory, identity: this.identity() });
    const reporter = this.reporter();
    if (this.debugging) reporter.debug();
    const beat = reporter.beat();
    try {
      await reporter.report();
      await this.work(reporter);
    } catch (error) {
      this.fail(asJobFailure(error));
    }
    await reporter.stop();
    await beat;
    untee();
    return concludeJob(this);
  }

  identity(): Fields {
    return identityFields(this.input.job, this.input.identity);
  }

  /** Fields of an update as things stand. */
  progress(): Fields {
    const usage = this.monitor?.usage;
    return progressFields({
      state: this.state,
      at: this.pilot.clock.now(),
      cpuS: Math.max(this.steps?.cpuS ?? 0, usage?.cpuS ?? 0),
      meanCoreCount: usage?.meanCores(),
      usage: usage?.fields() ?? {},
      stdout: this.debugging ? (this.debugOutput ?? newestOutput(this.directory)) : undefined,
      jobMetrics:
        usage === undefined
          ? ''
          : jobMetrics({ coreCount: this.input.job.coreCount, nEvents: 0, workDirBytes: undefined, usage }),
    });
  }

  fail(failure: JobFailure): void {
    this.log.warn('the job fails', { code: failure.code, reason: failure.message });
    const outside = this.input.end.failure;
    if (outside !== undefined) this.failures.add(outside, true);
    this.failures.add(failure);
  }

  dataContext(): DataContext {
    const { queue, storages } = this.input;
    const { config, tools, clock, options } = this.pilot;
    const policy = { attempts: Math.max(config.transferAttempts, options.stageOutAttempts), pauseMs: config.transferPause };
    return { queue, storages, tools, policy, clock, log: this.log };
  }

  /** Environment of whatever is started for this job. */
  environment(): NodeJS.ProcessEnv {
    return payloadEnvironment(this.pilot.variables, this.input.job, this.input.queue);
  }

  private async work(reporter: Reporter): Promise<void> {
    const { job, end } = this.input;
    if (job.inputs.length > 0) {
      await this.watch.time('stagein', () => this.inputs());
    }
    end.check();
    this.state = jobStatus.running;
    await reporter.report();
    await this.watch.time('payload', () => this.payload());
    const failure = this.steps?.failure;
    if (failure !== undefined) {
      const said = tailOf(join(this.directory, PAYLOAD_STDERR), STDERR_LOOK);
      this.log.info('the payload failed', { exitCode: this.steps?.exitCode, stderr: shortened(said) });
      return this.fail(failure);
    }
    await this.watch.time('stageout', () => this.outputs());
  }

  private async inputs(): Promise<void> {
    const { job, queue, end } = this.input;
    const staged = await stageIn(job.inputs, this.directory, this.dataContext(), accessMode(job, queue), end.signal);
    for (const { file, pfn, inPlace } of staged) if (inPlace) this.inPlace.set(file.lfn, pfn);
    writePoolFileCatalog(
      this.directory,
      staged.map(({ file, pfn }) => ({ guid: file.guid, lfn: file.lfn, pfn })),
    );
  }

  private async payload(): Promise<void> {
    const { input, pilot } = this;
    const { job, queue, lifetimeS, end } = input;
    const stop = new AbortController();
    this.monitor = new JobMonitor({ job, queue, dir: this.directory, mark: this.mark, lifetimeS }, pilot.config, pilot);
    const watching = this.monitor.run(end, stop.signal);
    try {
      this.steps = await runSteps(this.stepContext());
    } finally {
      stop.abort();
      await watching;
    }
  }

  private stepContext(): StepContext {
    const { input, pilot } = this;
    const { config, options } = pilot;
    const [http] = pilot.tools.filter((tool) => tool.schemes.includes('http'));
    if (http === undefined) throw new JobFailure('UNKNOWNCOPYTOOL', 'no tool for http');
    const bases = [...KNOWN_BASES, `${options.serverUrl}/trf/user`, ...options.transformBases];
    return {
      job: input.job,
      queue: input.queue,
      settings: { dir: this.directory, env: this.environment(), mark: this.mark, killGraceMs: config.killGrace },
      transform: { bases, localDir: options.harvesterDir, tool: http, pauseMs: config.transferPause },
      inPlace: this.inPlace,
      end: input.end,
      clock: pilot.clock,
      log: this.log,
      started: (group) => {
        this.group = group;
      },
    };
  }

  private async outputs(): Promise<void> {
    const { job, end } = this.input;
    const { config } = this.pilot;
    const guids = readJobReport(this.directory)?.guids;
    const present = await checkOutputs(job.outputs, this.directory, { maxBytes: config.outputMaxGb * 1_073_741_824 });
    for (const file of present) {
      end.check();
      const path = join(this.directory, file.lfn);
      this.files[file.lfn] = await stageOut(file, path, guids?.get(file.lfn), this.dataContext(), end.signal);
    }
  }

  private reporter(): Reporter {
    const { config, clock, server } = this.pilot;
    const settings = { heartbeatMs: config.heartbeat, debugHeartbeatMs: config.debugHeartbeat };
    const measure = (): Fields => ({ ...this.identity(), ...this.progress(), xml: '' });
    const reporter: Reporter = new Reporter(server, measure, settings, {
      clock,
      log: this.log,
      obey: (instruction) => this.obey(instruction, reporter),
    });
    return reporter;
  }

  private obey(instruction: Instruction, reporter: Reporter): void {
    this.log.info('the server gave an instruction', { ...instruction });
    switch (instruction.kind) {
      case 'kill':
        this.input.end.request(new JobFailure('PANDAKILL'));
        return;
      case 'debug':
        this.debugging = true;
        reporter.debug();
        return;
      case 'debugOff':
        this.debugging = false;
        this.debugOutput = undefined;
        reporter.calm();
        return;
      case 'debugCommand':
        this.debugging = true;
        this.debug(instruction.words, reporter);
        return;
      case 'keepDirectory':
        this.keepDirectory = true;
        return;
      case 'refused':
        this.debugOutput = instruction.reason;
        return;
      default:
        // softkill asks event service to take no new ranges: a job without them goes on to its end.
        return;
    }
  }

  /** One debug command at a time: they share a file for what they print. One that breaks, as when the job ends under it, ends nothing else. */
  private debug(words: readonly string[], reporter: Reporter): void {
    this.looks = this.looks
      .then(() => this.look(words, reporter))
      .catch((error: Error) => this.log.warn('a debug command broke', { reason: error.message }));
  }

  private async look(words: readonly string[], reporter: Reporter): Promise<void> {
    const place = { dir: this.directory, env: this.environment(), payloadPid: this.group?.pid };
    this.debugOutput = await runDebugCommand(words, place, this.pilot.clock);
    // After a look with gdb the payload is in no state to go on.
    if (words[0] === 'gdb') this.input.end.request(new JobFailure('PANDAKILL', 'after gdb'));
    reporter.debug();
    reporter.hurry();
  }
}
