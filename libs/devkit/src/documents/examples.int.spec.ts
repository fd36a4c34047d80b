/** Examples marked `run` in the pages are run: shell in a copy of nothing but the repository, SQL on a migrated database. */

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { environment } from '@panda/config';
import { pg } from '@panda/testing';
import pgDriver from 'pg';
import { filesIn, read } from '../repository/files.js';
import { root } from '../repository/root.js';
import { blocks } from './markdown.js';

const examples = filesIn()
  .filter((path) => path.endsWith('.md'))
  .flatMap((page) => blocks(read(page)).map((block) => ({ page, ...block })))
  .filter(({ marks }) => marks.includes('run'));
const of = (language: string) => examples.filter((example) => example.language === language);

describe('the examples', () => {
  it('marked to be run are in a language that can be', () => {
    expect(examples.filter(({ language }) => !['sh', 'sql'].includes(language))).toEqual([]);
    expect(examples.length).toBeGreaterThan(0);
  });

  it.each(of('sh').map((example) => [`${example.page}:${example.line}`, example.text]))(
    'of %s run in a shell',
    (_, text) => {
      const run = spawnSync('bash', ['-euo', 'pipefail', '-c', text], {
        cwd: root,
        encoding: 'utf8',
        env: environment(),
        input: '',
      });
      expect(run).toMatchObject({ status: 0 });
    },
    120_000,
  );

  it.each(of('sql').map((example) => [`${example.page}:${example.line}`, example.text]))(
    'of %s run in the database',
    async (_, text) => {
      const database = await pg();
      const client = new pgDriver.Client({ connectionString: database.url });
      await client.connect();
      try {
        await client.query(text);
      } finally {
        await client.end();
        await database.close();
      }
    },
    60_000,
  );
});
