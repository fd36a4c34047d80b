import { statement } from '../kernel/statement.js';

export interface OutboxTopicRow {
  readonly topic: string;
  readonly pending: number;
  /** Tried at least once without success. */
  readonly failing: number;
  readonly oldestAgeS: number | null;
  readonly lastError: string | null;
  readonly publishedLastHour: number;
}

/** The outbox by topic: what waits, what fails, what went out in the last hour. */
export const readOutboxByTopic = statement<object, OutboxTopicRow>(
  'operations.outboxByTopic',
  `select routing_key as topic, count(*) filter (where published_at is null)::int as pending,
     count(*) filter (where published_at is null and attempts > 0)::int as failing,
     extract(epoch from now() - min(created_at) filter (where published_at is null))::float8 as "oldestAgeS",
     (array_agg(last_error order by ord desc) filter (where published_at is null and last_error is not null))[1] as "lastError",
     count(*) filter (where published_at > now() - interval '1 hour')::int as "publishedLastHour"
   from panda_ops.outbox where published_at is null or published_at > now() - interval '1 hour'
   group by routing_key order by routing_key`,
);

/** A queue's JSON, locked until the change is written. */
export const lockQueueData = statement<{ name: string }, { data: Record<string, unknown> }>(
  'operations.lockQueueData',
  `select coalesce(data, '{}') as data from doma_panda.schedconfig_json where panda_queue = $name for update`,
);

/** Replaces a queue's JSON. */
export const writeQueueData = statement<{ name: string; data: string }, { name: string }>(
  'operations.writeQueueData',
  `update doma_panda.schedconfig_json set data = $data::jsonb, last_update = panda_ops.utc_now()
   where panda_queue = $name returning panda_queue as name`,
);

export interface ConfigEntry {
  readonly app: string;
  readonly component: string;
  readonly key: string;
  /** Empty: for every VO. */
  readonly vo: string;
}

/** Sets a value of CONFIG; a new row when there is none. Spec: System Configuration Parameters. */
export const writeConfigRow = statement<
  ConfigEntry & { value: string; type: string; descr: string; valueJson: string | null },
  { previous: string | null }
>(
  'operations.writeConfigRow',
  `with before as (
     select value from doma_panda.config where app = $app and component = $component and key = $key and vo = $vo)
   insert into doma_panda.config (app, component, key, value, type, vo, descr, value_json)
   values ($app, $component, $key, $value, $type, $vo, $descr, $valueJson::jsonb)
   on conflict (app, component, key, vo) do update set value = excluded.value, type = excluded.type,
     value_json = excluded.value_json, descr = case when excluded.descr = '' then doma_panda.config.descr else excluded.descr end
   returning (select value from before) as previous`,
);

/** Removes a value of CONFIG: the default of its reader applies again. */
export const deleteConfigRow = statement<ConfigEntry, { previous: string }>(
  'operations.deleteConfigRow',
  `delete from doma_panda.config where app = $app and component = $component and key = $key and vo = $vo returning value as previous`,
);
