import { ClientError } from '../errors.js';

/** Answers are somebody else's data: a field of the wrong type is an error with its name, never an exception further on. */
export type Fields = Readonly<Record<string, unknown>>;

export function asFields(value: unknown, about: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw garbled(about, 'an object', value);
}

export function asList(value: unknown, about: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw garbled(about, 'a list', value);
}

export function asText(value: unknown, about: string): string {
  if (typeof value === 'string') return value;
  throw garbled(about, 'a text', value);
}

export function asInteger(value: unknown, about: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw garbled(about, 'an integer', value);
}

function garbled(about: string, wanted: string, value: unknown): ClientError {
  const got = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return new ClientError('PANDA-CLIENT-003', `${about}: the server sent ${got} where ${wanted} belongs`);
}
