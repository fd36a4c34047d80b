/** JSON schema (draft-07 subset) of a key, for the Helm values schema. */
export interface KeySchema {
  readonly type: 'string' | 'integer' | 'number' | 'boolean';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
}

/** One deployment key: an environment variable with its type, limits and meaning. */
export interface Key<T> {
  readonly env: string;
  readonly kind: string;
  readonly doc: string;
  /** Never printed, and also accepted as a file named by `<env>_FILE`. */
  readonly secret: boolean;
  /** Older names that are read when `env` is not set. */
  readonly aliases: readonly string[];
  readonly required: boolean;
  /** The default as an operator would write it. */
  readonly fallback: string | undefined;
  readonly schema: KeySchema;
  /** Throws {@link Refused} with the violated rule. */
  readonly parse: (text: string) => T;
}

/** A value that breaks the rule of its key; the message never contains the value of a secret. */
export class Refused extends Error {}

export interface KeyOptions {
  readonly doc: string;
  /** Without default and without `optional` the key must be given. */
  readonly optional?: boolean;
  readonly aliases?: readonly string[];
}

/** A key marked optional may be undefined. */
export type Given<T, O extends KeyOptions> = O extends { readonly optional: true } ? T | undefined : T;

export function key<T, O extends KeyOptions>(
  env: string,
  options: O,
  rest: {
    kind: string;
    secret?: boolean;
    fallback: string | undefined;
    schema: KeySchema;
    parse: (text: string) => T;
  },
): Key<Given<T, O>> {
  if (!/^[A-Z][A-Z0-9_]*$/.test(env)) throw new TypeError(`'${env}' is no name of an environment variable`);
  if (rest.fallback !== undefined) rest.parse(rest.fallback); // a default must obey its own rule
  return {
    env,
    doc: options.doc,
    aliases: options.aliases ?? [],
    secret: rest.secret ?? false,
    required: rest.fallback === undefined && options.optional !== true,
    kind: rest.kind,
    fallback: rest.fallback,
    schema: rest.schema,
    parse: rest.parse as (text: string) => Given<T, O>,
  };
}
