/** Methods this server knows but does not offer, with the reason the caller is told. Everything else is an unknown method. */
export interface RefusedMethod {
  readonly legacy?: string;
  readonly v1?: string;
  readonly reason: string;
  /** How the classic method says no: a pilot's dictionary, `[false, reason]`, or text. */
  readonly form: 'pilot' | 'pair' | 'text';
}

const EVENT_SERVICE = 'the event service is not offered by this server';
const PROXY_KEYS = 'proxies are not delegated through this server';
const WORKFLOWS = 'workflows are not offered by this server';
const RECOVERY = 'recovery of lost files is not offered by this server';
const PILOT_TOKENS = 'pilot tokens are issued by the identity provider, not by this server';
const JUMBO_JOBS = 'jumbo jobs need the event service, which this server does not offer';
const CALLBACKS = 'the data management announces its events as messages, not by callback';
const EVENT_PICKING = 'event picking is not offered by this server';

function refused(legacy: string, v1: string | undefined, reason: string, form: RefusedMethod['form']): RefusedMethod {
  return { legacy, ...(v1 === undefined ? {} : { v1 }), reason, form };
}

/** Source of the names: client-api A.3, B.3; pilot-api §6 (panda-server:pandaserver/server/panda.py@34d4b8f, api/v1@9cc3603). */
export const refusedMethods: readonly RefusedMethod[] = [
  refused('getEventRanges', 'event/acquire_event_ranges', EVENT_SERVICE, 'pilot'),
  refused('updateEventRanges', 'event/update_event_ranges', EVENT_SERVICE, 'pilot'),
  refused('updateEventRange', 'event/update_single_event_range', EVENT_SERVICE, 'pilot'),
  refused('checkEventsAvailability', 'event/get_available_event_range_count', EVENT_SERVICE, 'pilot'),
  refused('get_events_status', 'event/get_event_range_statuses', EVENT_SERVICE, 'pair'),
  refused('registerProxyKey', undefined, PROXY_KEYS, 'text'),
  refused('getProxyKey', undefined, PROXY_KEYS, 'text'),
  refused('relay_idds_command', 'idds/relay_idds_command', WORKFLOWS, 'pair'),
  refused('execute_idds_workflow_command', 'idds/execute_idds_workflow_command', WORKFLOWS, 'pair'),
  refused('put_workflow_request', 'file_server/upload_workflow_request', WORKFLOWS, 'pair'),
  refused('submit_workflow', 'workflow/submit_workflow_raw_request', WORKFLOWS, 'pair'),
  refused('put_file_recovery_request', 'file_server/upload_file_recovery_request', RECOVERY, 'pair'),
  refused('genPilotToken', undefined, PILOT_TOKENS, 'text'),
  refused('getDNsForS3', undefined, PILOT_TOKENS, 'text'),
  refused('enableJumboJobs', 'task/enable_jumbo_jobs', JUMBO_JOBS, 'pair'),
  refused('getJumboJobDatasets', 'task/get_jumbo_job_datasets', JUMBO_JOBS, 'pair'),
  refused('datasetCompleted', undefined, CALLBACKS, 'text'),
  refused('updateFileStatusInDisp', undefined, CALLBACKS, 'text'),
  refused('putEventPickingRequest', 'file_server/upload_event_picking_request', EVENT_PICKING, 'text'),
];
