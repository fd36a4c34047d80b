import type { Command } from 'commander';
import type { Host } from '../../host.js';
import { type Action, act, wholeNumber } from '../context.js';
import { examples } from '../examples.js';

/**
 * Operators' commands. They work on the database of the installation; their modules are loaded only when one of them runs, so that
 * users' commands start without database driver and bus.
 */
export function addAdminCommands(program: Command, host: Host): void {
  const admin = program.command('admin').description('operate the installation (works on its database: DATABASE_URL)');
  addDeadLetters(admin.command('dead-letters').description('messages that were put aside'), host);
  addQueues(admin.command('queues').description('PanDA queues and their configuration'), host);
  addConfig(admin.command('config').description('values set on the running system (table CONFIG)'), host);
  const invariants = admin
    .command('invariants')
    .description('check the bookkeeping; exit code 1 when something is broken')
    .option('--quiescent', 'also what holds only while no work is in flight');
  examples(invariants, ['panda admin invariants', 'panda admin invariants --quiescent --json']);
  act(
    host,
    invariants,
    lazily(async () => (await import('../../admin/invariants.js')).checkBookkeeping),
  );
  const shares = admin.command('shares').description('global shares: targets, what runs, what waits');
  act(
    host,
    examples(shares, ['panda admin shares']),
    lazily(async () => (await import('../../admin/shares.js')).showShares),
  );
  const outbox = admin.command('outbox').description('messages that wait to be published');
  act(
    host,
    examples(outbox, ['panda admin outbox']),
    lazily(async () => (await import('../../admin/outbox.js')).showOutbox),
  );
}

function addDeadLetters(letters: Command, host: Host): void {
  const load = () => import('../../admin/dead-letters.js');
  const list = withSelection(letters.command('list').description('list them, oldest first'));
  act(
    host,
    examples(list, ['panda admin dead-letters list --state open']),
    lazily(async () => (await load()).listDeadLetters),
  );
  const show = letters.command('show <id>').description('show one with its message');
  act(
    host,
    examples(show, ['panda admin dead-letters show 1']),
    lazily(async () => (await load()).showDeadLetter),
  );
  const replay = withAuthor(withSelection(letters.command('replay [id...]').description('put them back into their queues')));
  replay.option('--all', 'all open ones of the selection');
  examples(replay, ['panda admin dead-letters replay 1', 'panda admin dead-letters replay --all --reason refused']);
  act(
    host,
    replay,
    lazily(async () => (await load()).replayDeadLetters),
  );
  const discard = withAuthor(withSelection(letters.command('discard [id...]').description('mark them as not to be handled')));
  discard.option('--all', 'all open ones of the selection');
  act(
    host,
    examples(discard, ['panda admin dead-letters discard 2 --by alice']),
    lazily(async () => (await load()).discardDeadLetters),
  );
}

function addQueues(queues: Command, host: Host): void {
  const load = () => import('../../admin/queues.js');
  const list = queues.command('list').description('list all queues').option('--status <status>', 'only queues in this status');
  examples(list, ['panda admin queues list', 'panda admin queues list --status brokeroff']);
  act(
    host,
    list,
    lazily(async () => (await load()).listQueues),
  );
  const set = withAuthor(
    queues.command('set <queue> <name=value...>').description('change attributes of a queue; null removes one'),
  );
  examples(set, ['panda admin queues set SITE_A status=brokeroff', 'panda admin queues set SITE_A corecount=8 maxrss=16000']);
  act(
    host,
    set,
    lazily(async () => (await load()).setQueue),
  );
}

function addConfig(config: Command, host: Host): void {
  const load = () => import('../../admin/config.js');
  const list = config.command('list').description('list what is set').option('--component <name>', 'only of this component');
  examples(list, ['panda admin config list', 'panda admin config list --component jobbroker']);
  act(
    host,
    list,
    lazily(async () => (await load()).listConfig),
  );
  const set = withAuthor(
    config.command('set <app.component.key> <value>').description('set a value; it takes effect within a minute'),
  )
    .option('--type <type>', 'int, float, bool, str or json; that of the present value when left out')
    .option('--for-vo <vo>', 'only for this community')
    .option('--description <text>', 'what it is for');
  examples(set, ['panda admin config set jedi.jobbroker.NW_THRESHOLD 1.8 --type float']);
  act(
    host,
    set,
    lazily(async () => (await load()).setConfig),
  );
  const unset = withAuthor(config.command('unset <app.component.key>').description('remove a value: the default applies again'));
  unset.option('--for-vo <vo>', 'only for this community');
  act(
    host,
    examples(unset, ['panda admin config unset jedi.jobbroker.NW_THRESHOLD']),
    lazily(async () => (await load()).unsetConfig),
  );
}

/** An action whose module is loaded when it is called. */
function lazily<A extends unknown[], O>(load: () => Promise<Action<A, O>>): Action<A, O> {
  return async (...call) => (await load())(...call);
}

function withSelection(command: Command): Command {
  return command
    .option('--queue <name>', 'of this bus queue')
    .option('--reason <code>', 'put aside for this reason')
    .option('--state <state>', 'open, replayed or discarded')
    .option('--limit <n>', 'at most so many', wholeNumber(), 100);
}

/** Changes stand in the audit with their author. */
function withAuthor(command: Command): Command {
  return command.option('--by <name>', 'who does it; your login name when left out');
}
