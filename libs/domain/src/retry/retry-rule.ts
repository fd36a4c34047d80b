import { PandaError } from '../errors/panda-error.js';
import { type ErrorSource, errorSources } from '../errors/server-codes.js';
import { OperatorPattern, PatternRefused } from '../pattern/operator-pattern.js';

/** A row of RETRYERRORS joined with its RETRYACTIONS. Null or empty scope columns mean any. */
export interface RetryRow {
  readonly retryErrorId: number;
  readonly errorSource: string;
  readonly errorCode: number;
  /** RETRYERRORS.active and RETRYACTIONS.active are both `Y`. */
  readonly active: boolean;
  /** RETRYACTIONS.retry_action. */
  readonly action: string;
  readonly errorDiag: string | null;
  /** `name=value` pairs, separated by `&`. */
  readonly parameters: string | null;
  readonly architecture: string | null;
  readonly release: string | null;
  readonly workQueueId: number | null;
  readonly expirationDate: Date | null;
}

/** Actions that are implemented. Spec: Job Retry Module › Actions. */
export const retryActions = ['no_retry', 'limit_retry', 'increase_memory', 'increase_cputime'] as const;
export type RetryAction = (typeof retryActions)[number];

export interface RetryRule {
  readonly id: number;
  readonly source: ErrorSource;
  readonly code: number;
  readonly active: boolean;
  readonly action: RetryAction;
  /** Null = every text. */
  readonly diag: OperatorPattern | null;
  /** Only of limit_retry. */
  readonly maxAttempt: number | null;
  readonly architecture: string | null;
  readonly release: string | null;
  readonly workQueueId: number | null;
  readonly expires: Date | null;
}

export interface RetryRules {
  readonly rules: readonly RetryRule[];
  /** One per row that cannot be used; the other rows stay in force. */
  readonly refused: readonly PandaError<'PANDA-CONF-003'>[];
}

/** Reads the operators' tables. Spec: Job Retry Module › Rules. */
export function readRetryRules(rows: readonly RetryRow[]): RetryRules {
  const rules: RetryRule[] = [];
  const refused: PandaError<'PANDA-CONF-003'>[] = [];
  for (const row of rows) {
    const read = readRow(row);
    if (typeof read === 'string') refused.push(new PandaError('PANDA-CONF-003', { ruleId: row.retryErrorId, reason: read }));
    else rules.push(read);
  }
  return { rules, refused };
}

/** The rule, or the reason why there is none. */
function readRow(row: RetryRow): RetryRule | string {
  const source = errorSources.find((s) => s.toLowerCase() === row.errorSource.toLowerCase());
  if (source === undefined) return `'${row.errorSource}' is no error source`;
  const action = retryActions.find((a) => a === row.action);
  if (action === undefined) return `the action '${row.action}' is not implemented`;
  const maxAttempt = readMaxAttempt(row.parameters);
  if (action === 'limit_retry' && maxAttempt === null)
    return `limit_retry needs maxAttempt=<number>, not '${row.parameters ?? ''}'`;
  const diag = readPattern(row.errorDiag);
  if (typeof diag === 'string') return diag;
  return {
    id: row.retryErrorId,
    source,
    code: row.errorCode,
    active: row.active,
    action,
    diag,
    maxAttempt: action === 'limit_retry' ? maxAttempt : null,
    architecture: row.architecture || null,
    release: row.release || null,
    workQueueId: row.workQueueId,
    expires: row.expirationDate,
  };
}

function readPattern(source: string | null): OperatorPattern | null | string {
  if (source === null || source === '') return null;
  try {
    return OperatorPattern.compile(source);
  } catch (cause) {
    if (cause instanceof PatternRefused) return `the pattern cannot be used: ${cause.message}`;
    throw cause;
  }
}

function readMaxAttempt(parameters: string | null): number | null {
  const pair = (parameters ?? '').split('&').find((p) => /^\s*max_?attempt\s*=/i.test(p));
  const text = pair?.split('=')[1]?.trim() ?? '';
  return /^\d{1,4}$/.test(text) ? Number(text) : null;
}
