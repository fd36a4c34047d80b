import { type ConfigOf, defineKeys, ms } from '@panda/config';

export const migrateKeys = defineKeys('migrate', {
  wait: ms('PANDA_MIGRATE_WAIT', { default: '60s', doc: 'How long to wait for a database server that does not answer yet.' }),
});

export type MigrateConfig = ConfigOf<typeof migrateKeys>;
