import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseOptions } from '../launch/options.js';
import { completedDemo, isDemoWanted, rememberDemo } from './completed.js';

const options = (...argv: string[]) => parseOptions(argv, { name: 'box', description: '', dir: '.panda' });

describe('a demonstration', () => {
  it.each<[string[], boolean, boolean]>([
    [[], false, true],
    [[], true, false],
    [['--demo'], true, true],
    [['--no-demo'], false, false],
    [['--exit-when-done'], true, true],
  ])('with %j and completed before: %s, is run: %s', (argv, isCompleted, isRun) => {
    expect(isDemoWanted(options(...argv), isCompleted)).toBe(isRun);
  });

  it('is remembered by its tasks, and forgotten with a torn file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'panda-demo-'));
    const file = join(dir, 'done.json');
    expect(await completedDemo(file)).toBeUndefined();
    await rememberDemo(file, { tasks: [1, 2] });
    expect(await completedDemo(file)).toEqual({ tasks: [1, 2] });
    await writeFile(file, '{"tasks":');
    expect(await completedDemo(file)).toBeUndefined();
    await rm(dir, { recursive: true });
  });
});
