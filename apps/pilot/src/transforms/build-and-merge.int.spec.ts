import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { aWorkerNode, execute, shells, transforms, type WorkerNode } from '../testing/worker-node.js';

// Real processes on a machine that may be busy.
jest.setTimeout(60_000);

describe('served transforms', () => {
  it('are what assemble.sh makes of their parts', async () => {
    const fresh = mkdtempSync(join(tmpdir(), 'trf-'));
    expect((await execute(join(transforms, 'assemble.sh'), [fresh], transforms)).code).toBe(0);
    const names = readdirSync(fresh).sort();
    expect(readdirSync(join(transforms, 'user')).sort()).toEqual(names);
    for (const name of names)
      expect(readFileSync(join(transforms, 'user', name), 'utf8')).toBe(readFileSync(join(fresh, name), 'utf8'));
    rmSync(fresh, { recursive: true });
  });
});

describe.each(shells())('build and merge under %s', (_shell, shell) => {
  let node: WorkerNode;
  beforeEach(async () => {
    node = await aWorkerNode();
  });
  afterEach(() => node.close());
  const build = (...args: string[]) => node.run(shell, 'buildGen-00-00-01', args);
  const merge = (...args: string[]) => node.run(shell, 'runMerge-00-00-02', args);

  it('builds in the run directory and makes a library that runGen unpacks and runs', async () => {
    await node.cache('sources.1.tar.gz', {
      'src/Makefile': 'prog: prog.in\n\tcp prog.in prog\n',
      'src/prog.in': '#!/bin/sh\necho built > out\n',
    });
    const args = ['-i', 'sources.1.tar.gz', '-o', 'user.lib.tgz', '--sourceURL', node.sourceUrl, '-r', 'src/'];
    const built = await build(...args, '--bexec', encodeURIComponent('cp prog.in prog && chmod +x prog'));
    expect(built.code).toBe(0);
    const ran = await node.run(shell, 'runGen-00-00-02', [
      '-j',
      '',
      '-r',
      'src/',
      '-l',
      'user.lib.tgz',
      '-p',
      'prog',
      '-o',
      "{'out': 'out.1'}",
    ]);
    expect(ran.code).toBe(0);
    expect(node.read('out.1')).toBe('built\n');
  });

  it('makes no library when the build fails, and tells a missing sandbox', async () => {
    await node.cache('sources.2.tar.gz', { a: 'a' });
    const failed = await build(
      '-i',
      'sources.2.tar.gz',
      '-o',
      'lib.tgz',
      '--sourceURL',
      node.sourceUrl,
      '-r',
      '.',
      '--bexec',
      'exit%203',
    );
    expect(failed.code).toBe(3);
    expect(readdirSync(node.dir)).not.toContain('lib.tgz');
    expect((await build('-i', 'none.tar.gz', '-o', 'lib.tgz', '--sourceURL', node.sourceUrl, '-r', '.')).code).toBe(30);
    expect((await build('-i', 'sources.2.tar.gz', '-r', '.')).code).toBe(10);
  });

  it('merges texts in order, archives and logs into one archive without mixing up equal names', async () => {
    node.put('panda.um.t._1.txt', 'one\n');
    node.put('panda.um.t._2.txt', 'two\n');
    await node.pack('panda.um.t._1.log.tgz', { 'payload.stdout': 'first' });
    await node.pack('panda.um.t._2.log.tgz', { 'payload.stdout': 'second' });
    const pairs = ['panda.um.t._1.txt,panda.um.t._2.txt:t._1.txt', 'panda.um.t._1.log.tgz,panda.um.t._2.log.tgz:t.log.tgz'];
    const done = await merge('-r', '.', ...pairs);
    expect(done.code).toBe(0);
    expect(node.read('t._1.txt')).toBe('one\ntwo\n');
    const member = (path: string) => execute('tar', ['-xzOf', 't.log.tgz', path], node.dir);
    expect((await member('./panda.um.t._1.log.tgz/payload.stdout')).stdout).toBe('first');
    expect((await member('./panda.um.t._2.log.tgz/payload.stdout')).stdout).toBe('second');
  });

  it('runs the user’s merge script from the sandbox with %IN and %OUT, or in the old one-word form', async () => {
    node.put('a', '3\n');
    node.put('b', '4\n');
    await node.cache('jobO.m.tar.gz', {
      'sum.sh': '#!/bin/sh\necho $(( $(cat $(echo "$2" | tr , " ") | paste -sd+ -) )) > "$1"\n',
      'old.sh': '#!/bin/sh\nout=$2; shift 2; cat "$@" > "$out"\n',
    });
    const source = ['-a', 'jobO.m.tar.gz', '--sourceURL', node.sourceUrl];
    expect((await merge('-r', '.', '-j', 'sum.sh %OUT %IN', ...source, 'a,b:sum.root')).code).toBe(0);
    expect(node.read('sum.root')).toBe('7\n');
    expect((await merge('-r', '.', '-j', 'old.sh', ...source, 'a,b:all')).code).toBe(0);
    expect(node.read('all')).toBe('3\n4\n');
  });

  it('refuses holes, failing merge commands, missing outputs and senseless arguments with a code each', async () => {
    node.put('a', 'a');
    expect((await merge('-r', '.', 'a,gone:out')).code).toBe(141);
    expect((await merge('-r', '.', '-j', 'exit 4 # %IN', 'a:out')).code).toBe(85);
    expect((await merge('-r', '.', '-j', 'true %IN', 'a:out')).code).toBe(102);
    expect((await merge('-r', '.', 'a-without-output')).code).toBe(126);
    expect((await merge('-r', '.')).code).toBe(126);
    node.put('x.pool.root', 'a');
    expect((await merge('-r', '.', 'x.pool.root:out')).code).toBe(80);
  });
});
