import { identityErrors } from './catalogue/identity.js';
import { requestErrors } from './catalogue/request.js';
import { configurationErrors, dataErrors, fileErrors } from './catalogue/surroundings.js';
import { jobErrors, taskErrors, workerErrors, workflowErrors } from './catalogue/workload.js';

/** Every error the fleet answers with. Codes are stable: a number is never used again for something else. */
export const errorCatalogue = {
  ...requestErrors,
  ...identityErrors,
  ...taskErrors,
  ...jobErrors,
  ...workerErrors,
  ...workflowErrors,
  ...fileErrors,
  ...dataErrors,
  ...configurationErrors,
} as const;

export type PandaErrorCode = keyof typeof errorCatalogue;

type Placeholders<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

export type FactValue = string | number | bigint | boolean | null;

/** The facts that the sentence of a code needs. */
export type FactsOf<C extends PandaErrorCode> = {
  readonly [K in Placeholders<(typeof errorCatalogue)[C]['sentence']>]: FactValue;
};
