import { defineKeys, secretUrl } from '@panda/config';

/** Where `npm run fleet` finds its servers. */
export const fleetKeys = defineKeys('fleet launcher', {
  databaseUrl: secretUrl('PANDA_FLEET_DATABASE_URL', {
    default: 'postgresql://postgres@127.0.0.1:5432/panda_fleet',
    schemes: ['postgresql', 'postgres'],
    aliases: ['DATABASE_URL'],
    doc: 'PostgreSQL server and database of the fleet; the database is created when it is missing.',
  }),
  amqpUrl: secretUrl('PANDA_FLEET_AMQP_URL', {
    default: 'amqp://guest:guest@127.0.0.1:5672',
    schemes: ['amqp', 'amqps'],
    aliases: ['AMQP_URL'],
    doc: 'RabbitMQ broker of the fleet.',
  }),
});
