/**
 * `GET /api/v1/task/why?task_id=` and `GET /api/v1/job/why?job_id=`: why a task or job waits, what was rejected by which rule by how
 * much, and what would unblock it. One shape for API, monitor and command line, so that all three print the same sentence.
 */
export const explainRoutes = {
  task: { method: 'GET', path: 'task/why' },
  job: { method: 'GET', path: 'job/why' },
} as const;

/** Most severe first; the first reason is the answer to "why". */
export type ReasonSeverity = 'blocked' | 'waiting' | 'note';

export interface ReasonReply {
  /** Stable: PanDA's own tag (`criteria=-lowmemory`) or a waiting reason (`throttled`, `noinput`, `noshare`, …). */
  code: string;
  severity: ReasonSeverity;
  /** A whole sentence with its numbers. */
  sentence: string;
  facts: Record<string, string | number | boolean | null>;
  /** What would remove this reason; absent when only time does. */
  unblock?: string;
}

export interface BrokerageReply {
  /** ISO 8601, UTC: when this brokerage ran. */
  at: string;
  candidates: number;
  funnel: { stage: string; in: number; out: number }[];
  rejected: {
    code: string;
    count: number;
    /** The queue that came closest to passing this rule. */
    nearest: { queue: string; sentence: string } | null;
  }[];
  chosen: { queue: string; weight: number }[];
}

export interface ExplanationReply {
  subject: 'task' | 'job';
  id: number;
  status: string;
  /** One line, e.g. `0 of 143 queues: 61 zeroshare, 40 lowmemory (needs 3900 MB/core, best offers 3600)`. */
  summary: string;
  reasons: ReasonReply[];
  brokerage: BrokerageReply | null;
}
