/**
 * Who may call an operation: the matrix of reliability §8.3, declared beside each operation. An operation without access does not compile,
 * and one that names an object is judged with the object's owner before its handler runs.
 */
export type Role = 'user' | 'production' | 'pilot' | 'harvester' | 'admin';

export interface Access {
  /** Any of these roles suffices; an empty list admits anonymous callers. `user` is everybody with a valid identity. */
  readonly roles: readonly Role[];
  /** The caller may also be the owner of the task named by `taskId`. */
  readonly ownerOf?: 'task';
  /** Production role in the working group of the object suffices. */
  readonly groupProduction?: boolean;
  /** The handler judges every object of a list for itself (kill of many jobs, updates of many jobs). */
  readonly perObject?: boolean;
}

export const anyone: Access = { roles: [] };
export const anyUser: Access = { roles: ['user'] };
export const production: Access = { roles: ['production', 'admin'] };
export const pilots: Access = { roles: ['pilot', 'production', 'harvester', 'admin'] };
export const harvesters: Access = { roles: ['harvester', 'production', 'admin'] };
export const harvestersOrPilots: Access = { roles: ['harvester', 'pilot', 'production', 'admin'] };
export const taskOwner: Access = { roles: ['production', 'admin'], ownerOf: 'task', groupProduction: true };
export const taskProduction: Access = { roles: ['production', 'admin'] };
export const taskGroupProduction: Access = { roles: ['production', 'admin'], groupProduction: true };
/** Any identity; the rule applies to each object of the request. */
export const perObject: Access = { roles: ['user'], perObject: true };

/** Why a request was refused before or by its handler. */
export type RefusalReason = 'unauthenticated' | 'role' | 'owner' | 'argument' | 'notFound' | 'unavailable';

export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

/** The texts of the original, which clients show to users. Source: panda-server:pandaserver/api/v1/common.py@9cc3603. */
export const refusals = {
  unauthenticated: { reason: 'unauthenticated', message: 'SSL secure connection is required' },
  role: { reason: 'role', message: 'production or pilot role required' },
  owner: { reason: 'owner', message: 'not the task owner or no production role' },
} as const satisfies Record<string, Refusal>;
