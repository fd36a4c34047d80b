import type { Command } from 'commander';
import type { Host } from '../../host.js';
import { currentUser, type User } from '../../session/user.js';
import { UsageError } from '../../terminal/failure.js';
import { cell, facts } from '../../terminal/table.js';
import { act, type Context } from '../context.js';
import { examples } from '../examples.js';

/** Signing in, signing out, who am I, is the server there. */
export function addIdentityCommands(program: Command, host: Host): void {
  const login = program.command('login').description('sign in with a web browser; the token is kept for all tools');
  act(host, examples(login, ['panda login --vo wlcg']), signIn);
  act(host, examples(program.command('logout').description('forget the token of this machine'), ['panda logout']), signOut);
  act(
    host,
    examples(program.command('whoami').description('show who you are for the server'), ['panda whoami', 'panda whoami --json']),
    whoAmI,
  );
  act(host, examples(program.command('health').description('ask whether the server is alive'), ['panda health']), health);
}

async function signIn({ terminal, json, session }: Context): Promise<void> {
  if (session.identity === undefined)
    throw new UsageError('a token or certificate is set in the environment; there is nothing to sign in to');
  const claims = await session.identity.login(({ url, userCode, expiresInS }) => {
    terminal.note(`Open ${cell(url)}`);
    terminal.note(`and confirm the code ${cell(userCode)} within ${Math.round(expiresInS / 60)} minutes.`);
    terminal.note(`waiting for you to confirm in the browser, until ${clockTime(new Date(Date.now() + expiresInS * 1_000))} …`);
  });
  if (json) return terminal.json(claims);
  terminal.out(`Signed in as ${cell(claims.name ?? claims.preferredUsername ?? claims.subject)}.`);
}

/** hh:mm of the user's own clock. */
function clockTime(at: Date): string {
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}

async function signOut({ terminal, json, session }: Context): Promise<void> {
  await session.identity?.logout();
  if (json) return terminal.json({ signedIn: false });
  terminal.out('Signed out.');
}

async function whoAmI({ terminal, json, session }: Context): Promise<void> {
  const user: User = await currentUser(session);
  const server = session.client.connection.baseUrl;
  if (json) return terminal.json({ ...user, vo: session.vo ?? null, server });
  terminal.out(
    facts([
      ['name', user.name],
      ['nickname', user.nickname],
      ['groups', user.groups.join(', ')],
      ['production role', user.productionGroups.join(', ')],
      ['token ends', user.expiresAt],
      ['community', session.vo],
      ['server', server],
    ]),
  );
}

async function health({ terminal, json, session }: Context): Promise<void> {
  const { alive, latencyMs } = await session.client.system.health();
  const server = session.client.connection.baseUrl;
  if (json) return terminal.json({ server, alive, latencyMs });
  terminal.out(`${server} is ${alive ? 'alive' : 'not well'} (${latencyMs} ms)`);
}
