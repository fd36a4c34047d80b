import { bool, type ConfigOf, defineKeys, int, ms, oneOf, secret, secretUrl, str } from '@panda/config';

/** Keys of the bus, the same in every service. */
export const busKeys = defineKeys('bus', {
  driver: oneOf('BUS', ['auto', 'rabbitmq', 'postgres'], {
    default: 'auto',
    doc: 'auto: RabbitMQ when AMQP_URL is set, else tables in PostgreSQL (for one machine).',
  }),
  amqpUrl: secretUrl('AMQP_URL', {
    optional: true,
    schemes: ['amqp', 'amqps'],
    doc: 'The RabbitMQ broker, with its vhost as the path.',
  }),
  amqpOthers: secret('AMQP_FAILOVER_URLS', { optional: true, doc: 'Further nodes of the same cluster, separated by commas.' }),
  prefix: str('PANDA_BUS_PREFIX', {
    default: 'panda',
    pattern: /^[a-z][a-z0-9-]*$/,
    doc: 'First part of the names of exchanges and queues.',
  }),
  declare: bool('PANDA_BUS_DECLARE', {
    default: true,
    doc: 'Declare exchanges and queues at start; false only checks that they are there.',
  }),
  handlerLimit: ms('PANDA_BUS_HANDLER_LIMIT', {
    default: '5m',
    min: 100,
    max: 29 * 60_000,
    doc: 'A message whose handling takes longer is retried; must stay below the consumer timeout of the broker (30m).',
  }),
  drainLimit: ms('PANDA_BUS_DRAIN_LIMIT', { default: '60s', doc: 'A stop waits this long for messages that are being handled.' }),
  poll: ms('PANDA_BUS_POLL', {
    default: '1s',
    min: 5,
    max: 60_000,
    doc: 'PostgreSQL driver: queues are looked at this often without notification.',
  }),
  lease: ms('PANDA_BUS_LEASE', {
    default: '60s',
    min: 300,
    doc: 'PostgreSQL driver: messages of a dead process are handed over again after this.',
  }),
  relay: bool('PANDA_OUTBOX_RELAY', {
    default: true,
    doc: 'Take part in publishing the outbox; one process of the fleet does it at a time.',
  }),
  relayBatch: int('PANDA_OUTBOX_BATCH', { default: 500, min: 1, max: 5_000, doc: 'Outbox messages published together.' }),
  relayPoll: ms('PANDA_OUTBOX_POLL', {
    default: '1s',
    min: 5,
    max: 1_000,
    doc: 'The outbox is looked at this often without notification.',
  }),
});

export type BusConfig = ConfigOf<typeof busKeys>;
