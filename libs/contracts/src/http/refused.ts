/** Methods this server knows but does not offer, with the reason the caller is told. Everything else is an unknown method. */
export interface RefusedMethod {
  readonly legacy?: string;
  readonly v1?: string;
  readonly reason: string;
}

const EVENT_SERVICE = 'the event service is not offered by this server';
const PROXY_KEYS = 'proxies are not delegated through this server';

/** Source of the names: pilot-api §6 (panda-server:pandaserver/jobdispatcher/JobDispatcher.py@34d4b8f, api/v1/event_api.py@9cc3603). */
export const refusedMethods: readonly RefusedMethod[] = [
  { legacy: 'getEventRanges', v1: 'event/acquire_event_ranges', reason: EVENT_SERVICE },
  { legacy: 'updateEventRanges', v1: 'event/update_event_ranges', reason: EVENT_SERVICE },
  { legacy: 'updateEventRange', v1: 'event/update_single_event_range', reason: EVENT_SERVICE },
  { legacy: 'checkEventsAvailability', v1: 'event/get_available_event_range_count', reason: EVENT_SERVICE },
  { legacy: 'get_events_status', v1: 'event/get_event_range_statuses', reason: EVENT_SERVICE },
  { legacy: 'registerProxyKey', reason: PROXY_KEYS },
  { legacy: 'getProxyKey', reason: PROXY_KEYS },
];
