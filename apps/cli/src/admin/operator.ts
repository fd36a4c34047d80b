import { userInfo } from 'node:os';
import { ClientError } from '@panda/client';
import {
  checkSchema,
  type Database,
  databaseFrom,
  databaseKeys,
  isTransient,
  OperationsRepository,
  SchemaTooOld,
} from '@panda/database';
import type { Context } from '../panda/context.js';
import { UsageError } from '../terminal/failure.js';

/** Operators work on the database of the installation, inside the cluster: they see what the services see, also when those are down. */
export interface Operator {
  readonly database: Database;
  readonly operations: OperationsRepository;
  /** Name under which changes stand in the audit. */
  readonly name: string;
}

export interface OperatorOptions {
  readonly by?: string;
}

export async function withOperator<T>(
  { variables }: Context,
  { by }: OperatorOptions,
  work: (operator: Operator) => Promise<T>,
): Promise<T> {
  const name = by ?? userInfo().username;
  const database = databaseFrom({ ...databaseKeys.parse(variables), poolMax: 2, applicationName: 'panda-cli' });
  try {
    await checkSchema(database);
    return await work({ database, operations: new OperationsRepository(database, name), name });
  } catch (error) {
    throw explained(error, variables);
  } finally {
    await database.close();
  }
}

function explained(error: unknown, variables: Context['variables']): unknown {
  if (error instanceof SchemaTooOld) return new UsageError(error.message);
  if (!isUnreachable(error)) return error;
  const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  return new ClientError('PANDA-CLIENT-001', `cannot work on the database: ${reason}`, {
    cause: error,
    hint: `${whichDatabase(variables)}; operators’ commands run where the services run.`,
  });
}

function whichDatabase(variables: Context['variables']): string {
  if (variables.DATABASE_URL) return 'Check DATABASE_URL';
  const { host, pathname } = new URL(databaseKeys.parse(variables).url);
  const tried = `${pathname.slice(1)} at ${host} was tried`;
  return `Set DATABASE_URL to the database of the services (postgresql://user:password@host:5432/name); without it ${tried}`;
}

function isUnreachable(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  // 3D000: no such database; 28…: the database does not know the user.
  return isTransient(error) || (typeof code === 'string' && /^(E[A-Z]+|3D000|28\w{3})$/.test(code));
}
