import { statement } from '../kernel/statement.js';

export interface DatasetRow {
  taskId: number;
  datasetId: number;
  name: string;
  container: string | null;
  type: string;
  status: string;
  state: string | null;
  stateCheckTime: Date | null;
  masterId: number | null;
  provenanceId: number | null;
  templateId: number | null;
  streamName: string | null;
  attributes: string | null;
  storageToken: string | null;
  destination: string | null;
  site: string | null;
  vo: string | null;
  nFiles: number;
  nFilesToBeUsed: number;
  nFilesUsed: number;
  nFilesFinished: number;
  nFilesFailed: number;
  nFilesOnHold: number;
  nFilesWaiting: number;
  nFilesMissing: number;
  nEvents: number;
  nEventsToBeUsed: number;
  nEventsUsed: number;
}

const COLUMNS = `d.jeditaskid as "taskId", d.datasetid as "datasetId", d.datasetname as name, d.containername as container, d.type, d.status, d.state,
     d.statechecktime as "stateCheckTime", d.masterid as "masterId", d.provenanceid as "provenanceId", d.templateid as "templateId",
     d.streamname as "streamName", d.attributes, d.storagetoken as "storageToken", d.destination, d.site, d.vo,
     coalesce(d.nfiles, 0) as "nFiles", coalesce(d.nfilestobeused, 0) as "nFilesToBeUsed", coalesce(d.nfilesused, 0) as "nFilesUsed",
     coalesce(d.nfilesfinished, 0) as "nFilesFinished", coalesce(d.nfilesfailed, 0) as "nFilesFailed", coalesce(d.nfilesonhold, 0) as "nFilesOnHold",
     coalesce(d.nfileswaiting, 0) as "nFilesWaiting", coalesce(d.nfilesmissing, 0) as "nFilesMissing", coalesce(d.nevents, 0) as "nEvents",
     coalesce(d.neventstobeused, 0) as "nEventsToBeUsed", coalesce(d.neventsused, 0) as "nEventsUsed"`;

/** Datasets of tasks, all types, in id order. */
export const readDatasets = statement<{ taskIds: number[] }, DatasetRow>(
  'dataset.read',
  `select ${COLUMNS} from doma_panda.jedi_datasets d where d.jeditaskid = any($taskIds::bigint[]) order by d.jeditaskid, d.datasetid`,
);

export interface CounterParams {
  taskId: number;
  datasetId: number;
  nFiles: number | null;
  nFilesToBeUsed: number | null;
  nFilesMissing: number | null;
  nEvents: number | null;
  nEventsToBeUsed: number | null;
  state: string | null;
}

/** Sets counters of a dataset after its contents changed; null leaves one. Used, finished and failed follow their files only. */
export const setDatasetCounters = statement<CounterParams, { datasetId: number }>(
  'dataset.setCounters',
  `update doma_panda.jedi_datasets set nfiles = coalesce($nFiles::bigint, nfiles), nfilestobeused = coalesce($nFilesToBeUsed::bigint, nfilestobeused),
     nfilesmissing = coalesce($nFilesMissing::bigint, nfilesmissing), nevents = coalesce($nEvents::bigint, nevents),
     neventstobeused = coalesce($nEventsToBeUsed::bigint, neventstobeused), state = coalesce($state::text, state),
     statechecktime = panda_ops.utc_now(), modificationtime = panda_ops.utc_now()
   where jeditaskid = $taskId and datasetid = $datasetId returning datasetid as "datasetId"`,
);

/** The avalanche: all usable input may be used from now on, not only the scouts'. Returns what may be used in addition. */
export const releaseAllInput = statement<
  { taskIds: number[]; unusable: string[] },
  { taskId: number; datasetId: number; added: number }
>(
  'dataset.releaseAllInput',
  `with usable as (
     select d.jeditaskid, d.datasetid, coalesce(d.nfilestobeused, 0) as before,
       (select count(*) from doma_panda.jedi_dataset_contents c
        where c.jeditaskid = d.jeditaskid and c.datasetid = d.datasetid and not c.status = any($unusable::text[])) as n
     from doma_panda.jedi_datasets d
     where d.jeditaskid = any($taskIds::bigint[]) and d.type in ('input', 'pseudo_input', 'random_seed', 'trn_log', 'trn_output')
     order by d.datasetid for update)
   update doma_panda.jedi_datasets d set nfilestobeused = u.n, modificationtime = panda_ops.utc_now()
   from usable u where d.jeditaskid = u.jeditaskid and d.datasetid = u.datasetid and u.n > u.before
   returning d.jeditaskid as "taskId", d.datasetid as "datasetId", u.n - u.before as added`,
);

/** Makes an output dataset from a template dataset (`tmpl_…`): the type loses its prefix, the name gets the id as suffix. */
export const instantiateDataset = statement<
  { taskId: number; templateId: number; site: string | null; destination: string | null },
  { datasetId: number; name: string; type: string }
>(
  'dataset.instantiate',
  `with numbered as (select nextval('doma_panda.jedi_datasets_id_seq') as id),
   made as (
     insert into doma_panda.jedi_datasets (jeditaskid, datasetid, datasetname, containername, type, vo, cloud, site, masterid, provenanceid, status,
       state, nfiles, nfilestobeused, nfilesused, nfilesonhold, nfilesfinished, nfilesfailed, nevents, neventsused, neventstobeused, attributes,
       streamname, storagetoken, destination, templateid)
     select d.jeditaskid, n.id, rtrim(d.datasetname, '/') || '.' || n.id, d.containername, replace(d.type, 'tmpl_', ''), d.vo, d.cloud, coalesce($site::text, d.site),
       d.masterid, d.provenanceid, 'defined', d.state, 0, 0, 0, 0, 0, 0, 0, 0, 0, d.attributes, d.streamname, d.storagetoken,
       coalesce($destination::text, d.destination), d.datasetid
     from doma_panda.jedi_datasets d cross join numbered n where d.jeditaskid = $taskId and d.datasetid = $templateId
     returning datasetid, datasetname, type),
   templates as (
     insert into doma_panda.jedi_output_template (jeditaskid, datasetid, filenametemplate, maxserialnr, serialnr, sourcename, streamname, outtype)
     select t.jeditaskid, m.datasetid, t.filenametemplate, t.maxserialnr, t.serialnr, t.sourcename, t.streamname, t.outtype
     from doma_panda.jedi_output_template t cross join made m where t.jeditaskid = $taskId and t.datasetid = $templateId)
   select datasetid as "datasetId", datasetname as name, type from made`,
);
