/** One item of `jobParameters`; together they make the job's command line. Client API C.2 */
export type JobParameter = Record<string, unknown> & { readonly type: 'constant' | 'template' };

export function constant(value: string, more: Record<string, unknown> = {}): JobParameter {
  return { type: 'constant', value, ...more };
}

export function template(value: string, paramType: string, more: Record<string, unknown> = {}): JobParameter {
  return { type: 'template', value, param_type: paramType, ...more };
}

/** Only separates; workflow tools look for it. */
export const delimiter: JobParameter = constant('__delimiter__', { hidden: true });

/** Dataset in which files of several datasets are collected when a container is not expanded. */
export function consolidated(outDS: string, uuid: string): string {
  return `${ownerPrefix(outDS)}.${uuid}/`;
}

/** `user.alice` of `user.alice.test/`. */
export function ownerPrefix(outDS: string): string {
  return outDS.split('.').slice(0, 2).join('.');
}
