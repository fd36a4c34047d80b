import type { ErrorRow } from '../error-row.js';

/** Requests that cannot be understood, whoever sent them. */
export const requestErrors = {
  'PANDA-REQ-001': {
    kind: 'invalid',
    sentence: 'the body is not {format}: {reason}',
    hint: 'Send the body in the format that the content type names.',
  },
  'PANDA-REQ-002': {
    kind: 'invalid',
    sentence: 'the request is too large: {what} exceeds {limit}',
    hint: 'Split the request, or narrow it.',
    http: 413,
  },
  'PANDA-REQ-003': {
    kind: 'invalid',
    sentence: 'the encoding {encoding} is not supported',
    hint: 'Use gzip or none.',
    http: 415,
  },
  'PANDA-REQ-004': { kind: 'forbidden', sentence: 'method {method} is forbidden', hint: 'The API reference lists all methods.' },
  'PANDA-REQ-005': {
    kind: 'invalid',
    sentence: "Argument error: missing a required argument: '{argument}'",
    hint: 'The API reference lists the arguments of the method.',
  },
  'PANDA-REQ-006': {
    kind: 'invalid',
    sentence: "Type error: '{argument}' must be {expected}",
    hint: 'The API reference lists the types of the arguments.',
  },
  'PANDA-REQ-007': {
    kind: 'invalid',
    sentence: "Argument error: '{argument}' is out of range: {range}",
    hint: 'Choose a value in the range.',
  },
  'PANDA-REQ-008': {
    kind: 'limited',
    sentence: 'too many requests: {what}',
    hint: 'Wait for the time that Retry-After names, then try again.',
  },
  'PANDA-REQ-009': {
    kind: 'transient',
    sentence: 'the service is not available: {what}',
    hint: 'Try again later; nothing was stored.',
  },
  'PANDA-REQ-010': {
    kind: 'bug',
    sentence: 'internal error {traceId}',
    hint: 'Tell the operators the trace id; the log has the cause under it.',
  },
} as const satisfies Record<string, ErrorRow>;
