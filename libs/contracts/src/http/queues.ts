/** `GET /api/v1/queue/list`: the PanDA queues a user may send work to, with what runs there now. Rows of schedconfig. */
export const queueRoutes = {
  list: { method: 'GET', path: 'queue/list' },
} as const;

export interface ListQueuesQuery {
  vo?: string;
  /** `online`, `test`, `brokeroff`, `offline`. */
  status?: string;
}

export interface QueueReply {
  name: string;
  site: string;
  vo: string;
  status: string;
  /** `production`, `analysis`, `unified`, `special`. */
  type: string;
  cores: number;
  max_rss_mb: number;
  max_time_s: number;
  n_activated: number;
  n_running: number;
}
