import { statement } from '../kernel/statement.js';

/** What pilots report of a job beside its state: PanDA's columns with the type JSON is read as, and the width of texts. */
export const jobAttributes = {
  starttime: 'timestamp',
  endtime: 'timestamp',
  modificationhost: 128,
  schedulerid: 128,
  pilotid: 200,
  batchid: 80,
  computingelement: 128,
  jobsubstatus: 80,
  jobmetrics: 500,
  pilottiming: 100,
  cpuconsumptiontime: 'numeric',
  cpuconsumptionunit: 128,
  cpuconversion: 'numeric',
  cpu_architecture_level: 20,
  nevents: 'bigint',
  actualcorecount: 'integer',
  meancorecount: 'numeric',
  maxrss: 'bigint',
  maxvmem: 'bigint',
  maxswap: 'bigint',
  maxpss: 'bigint',
  avgrss: 'bigint',
  avgvmem: 'bigint',
  avgswap: 'bigint',
  avgpss: 'bigint',
  totrchar: 'bigint',
  totwchar: 'bigint',
  totrbytes: 'bigint',
  totwbytes: 'bigint',
  raterchar: 'bigint',
  ratewchar: 'bigint',
  raterbytes: 'bigint',
  ratewbytes: 'bigint',
  memory_leak: 'bigint',
  memory_leak_x2: 'numeric',
  hs06sec: 'bigint',
  gco2_regional: 'numeric',
  gco2_global: 'numeric',
  piloterrorcode: 'integer',
  piloterrordiag: 500,
  exeerrorcode: 'integer',
  exeerrordiag: 500,
  superrorcode: 'integer',
  superrordiag: 250,
  transexitcode: 128,
  sourcesite: 36,
  destinationsite: 36,
} as const satisfies Readonly<Record<string, number | 'timestamp' | 'numeric' | 'bigint' | 'integer'>>;

export type JobAttribute = keyof typeof jobAttributes;

const names = Object.keys(jobAttributes) as JobAttribute[];
const jsonType = (name: JobAttribute): string =>
  typeof jobAttributes[name] === 'number' ? 'text' : (jobAttributes[name] as string);
const cutValue = (name: JobAttribute): string =>
  typeof jobAttributes[name] === 'number' ? `left(u.${name}, ${jobAttributes[name]})` : `u.${name}`;

/** `name type` pairs for jsonb_to_recordset, and assignments that keep a column when nothing is reported for it. */
export const attributeFields = names.map((name) => `${name} ${jsonType(name)}`).join(', ');
export const attributeSets = names.map((name) => `${name} = coalesce(${cutValue(name)}, j.${name})`).join(',\n       ');

const REPORT_FIELDS = `pandaid bigint, attemptnr int, state text, target text, diag text, setdiag boolean, ${attributeFields}`;

export interface LockedJob {
  pandaid: number;
  jobstatus: string;
  attemptnr: number;
  jobdispatchererrordiag: string | null;
  batchid: string | null;
  commandtopilot: string | null;
  jeditaskid: number | null;
  prodsourcelabel: string | null;
  computingsite: string | null;
  cloud: string | null;
  eventservice: number | null;
  specialhandling: string | null;
  corecount: number | null;
}

const LOCKED = `pandaid, jobstatus, attemptnr, jobdispatchererrordiag, batchid, commandtopilot, jeditaskid, prodsourcelabel, computingsite,
     cloud, eventservice, specialhandling, corecount`;

/**
 * Heartbeats that change no state: the job is still in the state the pilot reports, under the same attempt and batch job.
 * Jobs not returned need a closer look. No index holds a column written here, so the update stays in its page. The guard
 * stands inside CASE so that no plan can start from the state: a plan made while few jobs run would read all of them later.
 * Measured on two busy cores: 9.3 k heartbeats/s in batches of 20, 1.2 k/s one by one.
 */
export const heartbeat = statement<{ updates: string }, LockedJob>(
  'job.heartbeat',
  `with u as (select * from jsonb_to_recordset($updates::jsonb) as u(${REPORT_FIELDS})),
   locked as (
     select j.pandaid from doma_panda.jobs_live j join u using (pandaid)
     where case when j.jobstatus = u.state and u.state in ('starting', 'running', 'stagein', 'stageout')
       and j.attemptnr = coalesce(u.attemptnr, j.attemptnr)
       and (coalesce(j.batchid, '') = '' or coalesce(u.batchid, '') = '' or j.batchid = u.batchid
         or (j.batchid ~ '^[0-9]+$' and u.batchid ~ '^[0-9]+$')) then true else false end
     order by j.pandaid for update of j)
   update doma_panda.jobs_live j set modificationtime = panda_ops.utc_now(),
       ${attributeSets}
   from u join locked using (pandaid)
   where j.pandaid = u.pandaid
   returning ${LOCKED.replace(/(^|[ ,])(\w)/g, '$1j.$2')}`,
);

/** Locks live jobs in id order to judge what pilots say about them. */
export const lockJobs = statement<{ ids: number[] }, LockedJob>(
  'job.lock',
  `select ${LOCKED} from doma_panda.jobs_live where pandaid = any($ids::bigint[]) order by pandaid for update`,
);

/** The same of final jobs, for the answer only. */
export const readFinalJobs = statement<{ ids: number[] }, LockedJob>(
  'job.readFinal',
  `select ${LOCKED} from doma_panda.jobs_final where pandaid = any($ids::bigint[]) order by pandaid`,
);

/**
 * Stores judged updates of locked jobs: attributes, the new state with its log row, and the JEDI progress word when the
 * payload starts. `target` null keeps the state.
 */
export const applyReports = statement<{ updates: string; actor: string }, { pandaid: number }>(
  'job.applyReports',
  `with u as (select * from jsonb_to_recordset($updates::jsonb) as u(${REPORT_FIELDS})),
   changed as (
     update doma_panda.jobs_live j set
       modificationtime = panda_ops.utc_now(),
       statechangetime = case when u.target is null or u.target = o.jobstatus then j.statechangetime else panda_ops.utc_now() end,
       jobstatus = coalesce(u.target, j.jobstatus),
       jobdispatchererrordiag = case when u.setdiag then u.diag else j.jobdispatchererrordiag end,
       ${attributeSets}
     from u join doma_panda.jobs_live o using (pandaid)
     where j.pandaid = u.pandaid
     returning j.pandaid, o.jobstatus as before, j.jobstatus, j.prodsourcelabel, j.cloud, j.computingsite, j.modificationhost),
   logged as (
     insert into doma_panda.jobs_statuslog (pandaid, modificationtime, jobstatus, prodsourcelabel, cloud, computingsite, modificationhost)
     select pandaid, panda_ops.utc_now(), jobstatus, prodsourcelabel, cloud, computingsite, coalesce(modificationhost, $actor::text)
     from changed where before <> jobstatus),
   progressed as (
     update doma_panda.jedi_dataset_contents c set proc_status = 'running'
     from changed k join doma_panda.job_files f on f.pandaid = k.pandaid
     where k.jobstatus = 'running' and k.before in ('sent', 'starting', 'stagein') and f.fileid is not null
       and c.jeditaskid = f.jeditaskid and c.datasetid = f.datasetid and c.fileid = f.fileid and c.pandaid = k.pandaid and c.proc_status = 'queued')
   select pandaid from changed`,
);

/** Output reports for the adder; a repeated report of the same attempt changes nothing. */
export const storeOutputReports = statement<
  { ids: number[]; labels: (string | null)[]; statuses: string[]; attempts: number[]; data: string[] },
  { pandaid: number }
>(
  'report.store',
  `insert into doma_panda.job_output_report (pandaid, prodsourcelabel, jobstatus, attemptnr, data, timestamp)
   select r.*, panda_ops.utc_now() from unnest($ids::bigint[], $labels::text[], $statuses::text[], $attempts::smallint[], $data::text[]) as r
   on conflict (pandaid, attemptnr) do nothing returning pandaid`,
);

/** Job metadata (`jobReport.json`); the newest wins. */
export const storeMetadata = statement<{ ids: number[]; texts: string[] }, { pandaid: number }>(
  'job.storeMetadata',
  `insert into doma_panda.job_metadata (pandaid, metadata) select * from unnest($ids::bigint[], $texts::text[])
   on conflict (pandaid) do update set metadata = excluded.metadata, modificationtime = panda_ops.utc_now() returning pandaid`,
);

/** Last lines of a debug job. */
export const storeStdout = statement<{ ids: number[]; texts: string[] }, { pandaid: number }>(
  'job.storeStdout',
  `insert into doma_panda.jobsdebug (pandaid, stdout) select id, right(text, 2048) from unnest($ids::bigint[], $texts::text[]) as t(id, text)
   on conflict (pandaid) do update set stdout = excluded.stdout returning pandaid`,
);

/** Commands that pilots hear with their next update. */
export const setPilotCommand = statement<{ ids: number[]; command: string | null }, { pandaid: number }>(
  'job.setPilotCommand',
  `update doma_panda.jobs_live set commandtopilot = $command::text where pandaid = any($ids::bigint[]) returning pandaid`,
);
