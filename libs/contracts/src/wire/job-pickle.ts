import { fileAttributes, type JobRecord, jobAttributes, type RecordAttributes } from './job-record.js';
import { PickleError, PyInstance, type PyValue } from './pickle/values.js';

/** How the clients write an attribute without a value. */
const UNSET = 'NULL';

/**
 * A job as the classic client unpickles it. The class names are `pandaclient.*`: what the original server sends makes a stand-alone
 * client fail. Every file carries its job, because the client reads `file.PandaID` through it.
 */
export function jobInstance(job: JobRecord): PyInstance {
  const instance = new PyInstance('pandaclient.JobSpec', 'JobSpec');
  const files = job.files.map((file) => {
    const record = new PyInstance('pandaclient.FileSpec', 'FileSpec');
    record.state = [...fileAttributes.map((name) => attributeValue(file[name])), instance];
    return record;
  });
  instance.state = [...jobAttributes.map((name) => attributeValue(job.attributes[name])), files];
  return instance;
}

function attributeValue(value: unknown): PyValue {
  return value === null || value === undefined ? UNSET : (value as PyValue);
}

/** Reads what `submitJobs` sends: states of job records, each ending with its list of file records. */
export function readJobInstances(value: PyValue): JobRecord[] {
  if (!Array.isArray(value)) throw new PickleError('a list of jobs is expected');
  return (value as PyValue[]).map((item) => {
    if (!(item instanceof PyInstance) || item.name !== 'JobSpec' || !Array.isArray(item.state)) {
      throw new PickleError('a list of jobs is expected');
    }
    const state = item.state as PyValue[];
    const files = state.at(-1);
    if (!Array.isArray(files)) throw new PickleError('a job has no list of files');
    return { attributes: named(jobAttributes, state.slice(0, -1)), files: (files as PyValue[]).map(readFile) };
  });
}

function readFile(value: PyValue): RecordAttributes {
  if (!(value instanceof PyInstance) || value.name !== 'FileSpec' || !Array.isArray(value.state)) {
    throw new PickleError('a job has a file that is none');
  }
  return named(fileAttributes, value.state as PyValue[]);
}

function named(names: readonly string[], values: readonly PyValue[]): RecordAttributes {
  return Object.fromEntries(names.flatMap((name, i) => (isSet(values[i]) ? [[name, values[i]]] : [])));
}

function isSet(value: PyValue): boolean {
  return value !== undefined && value !== null && value !== UNSET;
}

/** The v1 form of `submitJobs`: state lists as JSON, datetimes marked. Source: panda-client:pandaclient/Client.py@749e856. */
export function readJobStates(value: unknown, names: readonly string[]): JobRecord[] {
  if (!Array.isArray(value)) throw new PickleError('a list of jobs is expected');
  return value.map((state: unknown) => {
    const files = Array.isArray(state) ? (state.at(-1) as unknown) : undefined;
    if (!Array.isArray(state) || !Array.isArray(files)) throw new PickleError('a list of job states is expected');
    const fileStates = files.map((file: unknown) =>
      named(fileAttributes.slice(0, -4), Array.isArray(file) ? (file as PyValue[]) : []),
    );
    return { attributes: named(names, state.slice(0, -1) as PyValue[]), files: fileStates };
  });
}
