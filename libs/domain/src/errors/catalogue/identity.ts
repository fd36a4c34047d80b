import { type ErrorRow, legacyStatusCodes } from '../error-row.js';

/** Who asks, and whether that is enough. */
export const identityErrors = {
  'PANDA-AUTH-001': {
    kind: 'unauthenticated',
    sentence: 'secure connection is required',
    hint: 'Sign in, and call over HTTPS.',
    legacy: legacyStatusCodes.notSecure,
  },
  'PANDA-AUTH-002': {
    kind: 'unauthenticated',
    sentence: 'Token authentication failed. {reason}',
    hint: 'Sign in again; check the clock of this machine.',
  },
  'PANDA-AUTH-003': {
    kind: 'unauthenticated',
    sentence: 'the virtual organization {vo} is not known here',
    hint: 'Set PANDA_AUTH_VO to one of the served organizations.',
  },
  'PANDA-AUTH-004': {
    kind: 'forbidden',
    sentence: 'none of the groups in the token has a policy for {vo}',
    hint: 'Ask an administrator of the organization for membership.',
    legacy: legacyStatusCodes.role,
  },
  'PANDA-AUTH-005': {
    kind: 'forbidden',
    sentence: 'the {role} role is required',
    hint: 'Use an identity that holds the role.',
    legacy: legacyStatusCodes.role,
  },
  'PANDA-AUTH-006': { kind: 'forbidden', sentence: '{user} is banned', hint: 'Ask the operators why.' },
  'PANDA-AUTH-007': {
    kind: 'forbidden',
    sentence: 'Permission denied: not the {object} owner or no production role',
    hint: 'Only the owner or the production role may do this.',
  },
  'PANDA-AUTH-008': {
    kind: 'transient',
    sentence: 'the identity provider {issuer} does not answer: {reason}',
    hint: 'Tokens whose keys are known go on working; try again later.',
  },
  'PANDA-AUTH-009': {
    kind: 'notFound',
    sentence: 'no secret named {key}',
    hint: 'List the names of stored secrets first.',
    legacy: legacyStatusCodes.keyMissing,
  },
} as const satisfies Record<string, ErrorRow>;
