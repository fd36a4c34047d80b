import pg from 'pg';
import { DataSource } from 'typeorm';
import { entities } from '../entities/index.js';
import type { Database } from '../kernel/database.js';

/**
 * TypeORM over the pool the statements use, so that the limit on connections holds for both. TypeORM takes a driver module
 * and opens `new driver.Pool(…)`: ours hands out the open pool.
 */
export function dataSourceOn(database: Database): DataSource {
  const { pool } = database;
  return new DataSource({
    type: 'postgres',
    driver: { ...pg, Pool: poolConstructor(pool) },
    entities,
    synchronize: false,
    logging: false,
  });
}

function poolConstructor(pool: pg.Pool): new () => pg.Pool {
  // A constructor that returns an object gives that object; `end` is ours to call, once, when the service stops.
  return function sharedPool() {
    return new Proxy(pool, { get: (target, name) => (name === 'end' ? endOnlyTypeOrm : bound(target, name)) });
  } as unknown as new () => pg.Pool;
}

function endOnlyTypeOrm(done: () => void): void {
  done();
}

function bound(target: pg.Pool, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
}
