import type { DatasetName } from '@panda/domain';
import { hasRole, type Identity } from '../auth/caller.js';

/**
 * Why the caller may not take a name, or null: `user.<nickname>` is for its user, `group.<group>` for the production role of the group,
 * and everything else for production. Names of tasks follow the same convention (client-api 2.1); without the rule the first comer
 * would own the names of somebody else's results.
 */
export function nameRefusal(given: DatasetName, caller: Identity): string | null {
  if (mayTakeAny(caller)) return null;
  const own = ownScope(caller);
  if (own === null)
    return 'only the production role may take this name: your identity has no nickname, hence no scope of its own';
  return given.scope === own && !isForeign(given, own) ? null : ownNames(own);
}

/** As {@link nameRefusal} for names that need no scope, such as those of files and tasks: only those of somebody else are refused. */
export function foreignRefusal(given: DatasetName, caller: Identity): string | null {
  const own = ownScope(caller);
  return mayTakeAny(caller) || !isForeign(given, own) ? null : ownNames(own ?? 'no user or group');
}

const mayTakeAny = (caller: Identity) => hasRole(caller, 'production', 'admin');
const ownScope = ({ nickname }: Identity) => (nickname === null ? null : `user.${nickname}`);
const ownNames = (own: string) => `only the production role may take this name: your own begin with ${own}.`;

/** `user.alice:user.bob.x` would be read as a name of bob's wherever the scope is left out. */
function isForeign({ scope, name }: DatasetName, own: string | null): boolean {
  return [scope, name].some((text) => {
    const [kind, holder] = text.split('.');
    return (kind === 'user' || kind === 'group') && `${kind}.${holder}` !== own;
  });
}
