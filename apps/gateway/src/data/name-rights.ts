import type { DatasetName } from '@panda/domain';
import { hasRole, type Identity } from '../auth/caller.js';

/**
 * Why the caller may not take a name, or null: `user.<nickname>` is for its user, `group.<group>` for the production role of the group,
 * and everything else for production. Names of tasks follow the same convention (client-api 2.1); without the rule the first comer
 * would own the names of somebody else's results.
 */
export function nameRefusal({ scope, name }: DatasetName, caller: Identity): string | null {
  if (hasRole(caller, 'production', 'admin')) return null;
  const own = caller.nickname === null ? null : `user.${caller.nickname}`;
  if (own === null)
    return 'only the production role may take this name: your identity has no nickname, hence no scope of its own';
  // `user.alice:user.bob.x` would be read as a name of bob's wherever the scope is left out.
  const [kind, holder] = name.split('.');
  const foreign = (kind === 'user' || kind === 'group') && `${kind}.${holder}` !== own;
  return scope === own && !foreign ? null : `only the production role may take this name: your own begin with ${own}.`;
}
