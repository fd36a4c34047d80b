import { type Access, type Refusal, refusals } from '@panda/contracts';
import { type Caller, hasRole, type Identity } from '../auth/caller.js';

/** Who owns an object, as far as access rules care. */
export interface Ownership {
  readonly userName: string;
  readonly workingGroup: string | null;
}

/** The caller is not known, or has none of the roles: decided before arguments are read. */
export function refusalByRole(access: Access, caller: Caller): Refusal | null {
  if (access.roles.length === 0) return null;
  if (caller === null) return refusals.unauthenticated;
  // An owner, or a production role of one group, is judged once the object is known.
  const judgedByObject = access.ownerOf !== undefined || access.groupProduction === true;
  return judgedByObject || hasRole(caller, ...access.roles) ? null : refusals.role;
}

/** The object of the request is known; `owner` is null when it does not exist, which upstream answers like somebody else's. */
export function refusalByOwner(access: Access, caller: Identity, owner: Ownership | null): Refusal | null {
  if (hasRole(caller, ...access.roles)) return null;
  if (owner === null) return access.ownerOf === undefined ? refusals.role : refusals.owner;
  if (access.ownerOf !== undefined && owner.userName === caller.userName) return null;
  if (access.groupProduction && caller.workingGroup !== null && caller.workingGroup === owner.workingGroup) return null;
  return access.ownerOf === undefined ? refusals.role : refusals.owner;
}
