import { rename, writeFile } from 'node:fs/promises';
import { ROBOT_CLIENT_ID } from './clients.js';

export interface RobotTokenOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly secret: string;
  /** File that harvester and pilots read. */
  readonly file: string;
}

/** Fetches the token of harvester and its pilots and puts it in place at once. Its lifetime is in seconds. */
export async function renewRobotToken({ issuer, audience, secret, file }: RobotTokenOptions): Promise<{ expiresInS: number }> {
  const form = { grant_type: 'client_credentials', client_id: ROBOT_CLIENT_ID, client_secret: secret, resource: audience };
  const response = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
  const answer = (await response.json()) as { access_token?: string; expires_in?: number; error?: string };
  if (!answer.access_token || !answer.expires_in)
    throw new Error(`the identity provider gave no robot token: ${answer.error ?? response.status}`);
  await writeFile(`${file}.new`, answer.access_token, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return { expiresInS: answer.expires_in };
}

/** Renews the token at half its life until stopped; a failure is tried again soon, the old token still works. */
export function keepRobotToken(
  options: RobotTokenOptions,
  firstExpiresInS: number,
  onError: (error: unknown) => void,
): { stop(): void } {
  const RETRY_S = 60;
  let timer: NodeJS.Timeout;
  const plan = (inS: number) => {
    timer = setTimeout(() => {
      renewRobotToken(options).then(
        ({ expiresInS }) => plan(expiresInS / 2),
        (error) => {
          onError(error);
          plan(RETRY_S);
        },
      );
    }, inS * 1_000);
    timer.unref();
  };
  plan(firstExpiresInS / 2);
  return { stop: () => clearTimeout(timer) };
}
