import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// `migrations/` lies beside `src/` and `dist/`: the same relative path serves tests from sources and the compiled fleet.
const FOLDER = new URL('../../migrations/', import.meta.url);

/** Numbers of migrations become times, which TypeORM sorts by: migration 0001 is the epoch below plus 1 ms. */
const EPOCH = 1_764_000_000_000;

export type MigrationClass = new () => MigrationInterface;

/** The migration in `migrations/<name>.sql`. Forward-only: a mistake is mended by the next migration. */
export function sqlMigration(name: string): MigrationClass {
  return class implements MigrationInterface {
    readonly name = migrationName(name);

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sqlOf(name));
    }

    async down(): Promise<void> {
      throw new Error(`migration ${name} cannot be undone: write a new one`);
    }
  };
}

/** `0005-tasks` → `Tasks1764000000005`; TypeORM wants a time at the end. */
export function migrationName(file: string): string {
  const [, number, words] = /^(\d{4})-([a-z0-9-]+)$/.exec(file) ?? [];
  if (!number || !words) throw new Error(`'${file}' is no name of a migration (want 0042-what-it-does)`);
  const pascal = words.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return `${pascal}${EPOCH + Number(number)}`;
}

/** SQL of a migration file. */
export function sqlOf(name: string): string {
  return readFileSync(new URL(`${name}.sql`, FOLDER), 'utf8');
}

/** One value that changes with any migration: names template databases of the tests. */
export function migrationsHash(names: readonly string[]): string {
  const hash = createHash('sha256');
  for (const name of names) hash.update(name).update(sqlOf(name));
  return hash.digest('hex').slice(0, 12);
}
