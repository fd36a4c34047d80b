import { Health, type HealthCheck } from '@panda/domain';

/** What a probe answers: `checks` holds `ok` or the reason, by name. */
export interface ProbeAnswer {
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** A check that takes longer counts as failed: a hanging dependency must not hang the probe. */
const CHECK_LIMIT_MS = 1_000;

/** The state of this process for its supervisor. Readiness turns off before anything else when the service stops. */
export class ServiceHealth extends Health {
  private readonly checks = new Map<string, HealthCheck>();
  private state: 'starting' | 'started' | 'stopping' = 'starting';
  private dead: string | undefined;

  register(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  started(): void {
    if (this.state === 'starting') this.state = 'started';
  }

  stopping(): void {
    this.state = 'stopping';
  }

  /** After an error nobody handled the process is beyond repair: liveness says so until it is gone. */
  broken(reason: string): void {
    this.dead = reason;
  }

  liveness(): ProbeAnswer {
    return this.dead === undefined ? { ok: true, checks: {} } : { ok: false, checks: { process: this.dead } };
  }

  startup(): ProbeAnswer {
    return { ok: this.state !== 'starting', checks: { process: this.state } };
  }

  async readiness(): Promise<ProbeAnswer> {
    if (this.state !== 'started') return { ok: false, checks: { process: this.state } };
    const results = await Promise.all([...this.checks].map(async ([name, check]) => [name, await verdict(check)] as const));
    return { ok: this.dead === undefined && results.every(([, word]) => word === 'ok'), checks: Object.fromEntries(results) };
  }
}

async function verdict(check: HealthCheck): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_LIMIT_MS} ms`), CHECK_LIMIT_MS);
  });
  try {
    return await Promise.race([check().then(() => 'ok'), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
