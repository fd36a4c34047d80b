import type { ExternalInputRepository, Tx } from '@panda/database';
import type { ExternalMessage, OutsideItem } from '../external-message.js';
import type { Effect } from './plugin.js';

/** Words of iDDS for what has arrived, what is complete, and what will not come. */
const AVAILABLE = 'available';
const CLOSED = 'closed';
const MISSING = 'missing';

const inStatus = (items: readonly OutsideItem[], status: string) => items.filter((item) => item.status.toLowerCase() === status);

/** Files and datasets that arrived, staging → pending, and those that will not, where the process says so. */
export async function takeStagedInput(
  tx: Tx,
  input: ExternalInputRepository,
  plugin: string,
  { kind, items, jediTaskId }: ExternalMessage,
): Promise<Effect> {
  if (kind === 'work') return { plugin, outcome: 'ignored', jediTaskId, reason: 'the input itself is reported by its files' };
  const arrived = inStatus(items, kind === 'file' ? AVAILABLE : CLOSED);
  const lost = kind === 'file' ? inStatus(items, MISSING) : [];
  const changed =
    (kind === 'file'
      ? await input.files(tx, jediTaskId, arrived, 'stagedIn')
      : await input.collections(tx, jediTaskId, arrived, 'stagedIn')) +
    (await input.files(tx, jediTaskId, lost, 'stageInFailed'));
  const allStaged = kind === 'collection' && arrived.length > 0;
  if (changed > 0 || allStaged) await input.goOn(tx, jediTaskId, { allStaged, isNews: changed > 0, needsFeeding: true });
  return { plugin, outcome: 'done', jediTaskId, changed };
}
