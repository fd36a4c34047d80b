import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { aWorkerNode, execute, shells, type WorkerNode } from '../testing/worker-node.js';

// Real processes on a machine that may be busy.
jest.setTimeout(60_000);

const name = 'runGen-00-00-02';
const quoted = (command: string) => encodeURIComponent(command);

describe.each(shells())('runGen under %s', (_shell, shell) => {
  let node: WorkerNode;
  beforeEach(async () => {
    node = await aWorkerNode();
  });
  afterEach(() => node.close());
  const run = (...args: string[]) => node.run(shell, name, args);

  it('runs the arguments prun writes for a task without input: sandbox, percent-encoded command, output map', async () => {
    await node.cache('jobO.1.tar.gz', { 'job.sh': 'echo "number $1, pi%"' });
    const out = 'user.alice.42._000003.out.txt';
    const args = ['-j', '', '--sourceURL', node.sourceUrl, '-r', '.', '-a', 'jobO.1.tar.gz', '-o', `{'out.txt': '${out}'}`];
    const done = await run(...args, '-p', 'sh%20job.sh%2011%20%3E%20out.txt');
    expect(done).toMatchObject({ code: 0 });
    expect(node.read(out)).toBe('number 11, pi%\n');
    expect(done.stdout).toContain('Running script was successful');
    expect(existsSync(join(node.dir, 'workDir'))).toBe(false);
  });

  it('replaces %IN and secondary streams by the files that are there, one stream never by the head of another', async () => {
    for (const lfn of ['a.1', 'b.2', 'c.3']) node.put(lfn, `${lfn}\n`);
    await node.pack('lib.tgz', { 'share/run.sh': 'cat $(echo "$1" | tr , " "); echo "$2/$3"' });
    const args = [
      '-l',
      'lib.tgz',
      '-r',
      'share',
      '-j',
      '',
      '-i',
      "['a.1', 'b.2']",
      '--inMap',
      "{'IN': ['a.1', 'b.2'], 'IN2': ['c.3']}",
    ];
    const done = await run(...args, '-p', quoted('./run.sh %IN %IN2 "%IN" > res'), '-o', "{'res': 'res._1'}");
    expect(done.code).toBe(0);
    expect(node.read('res._1')).toBe('a.1\nb.2\nc.3/a.1,b.2\n');
  });

  it('packs outputs named with a wild card and names the others as the job says', async () => {
    const command = quoted('echo 1 > x1.log; echo 2 > x2.log; echo y > y.txt');
    const done = await run('-j', '', '-r', '.', '-p', command, '-o', "{'x*.log': 'final.tgz', 'y.txt': 'final.y'}");
    expect(done.code).toBe(0);
    expect((await execute('tar', ['-tzf', 'final.tgz'], node.dir)).stdout.trim().split('\n').sort()).toEqual([
      'x1.log',
      'x2.log',
    ]);
    expect(node.read('final.y')).toBe('y\n');
  });

  it('gives the exit code of the command to the pilot and still hands back what was made', async () => {
    const done = await run('-j', '', '-r', '.', '-p', quoted('echo half > o; exit 7'), '-o', "{'o': 'o.1'}");
    expect(done.code).toBe(7);
    expect(done.stdout).toContain('Running script failed : StatusCode=7');
    expect(node.read('o.1')).toBe('half\n');
  });

  it('keeps quotes, backslashes, dollars and operators of the command as the user typed them', async () => {
    const command = `printf '%s|' "a  b" 'c\\n' "$((1+1))" é && echo 100% | cat > o`;
    const done = await run('-j', '', '-r', '.', '-p', quoted(`{ ${command}; } ; cat o`), '-o', '{}');
    expect(done.code).toBe(0);
    expect(done.stdout).toContain('a  b|c\\n|2|é|100%');
  });

  it('tells a missing sandbox, a corrupted one and a missing parameter apart', async () => {
    const missing = await run('-j', '', '-r', '.', '--sourceURL', node.sourceUrl, '-a', 'none.tar.gz', '-p', 'true', '-o', '{}');
    expect(missing.code).toBe(146);
    expect(missing.stdout).toContain('ERROR: unable to fetch source tarball from web');
    node.put('bad.tgz', 'no archive');
    expect((await run('-j', '', '-r', '.', '-l', 'bad.tgz', '-p', 'true', '-o', '{}')).code).toBe(143);
    expect((await run('-j', '', '-p', 'true')).code).toBe(10);
    expect((await run('-j', '', '-r', '.', '-p', 'true', '-o', "{'a': ")).code).toBe(10);
    expect((await run('-j', '', '-r', '.', '-p', 'true', '--noSuchOption')).code).toBe(10);
  });

  it('refuses to run without any of its input files, and runs with those that are there', async () => {
    expect((await run('-j', '', '-r', '.', '-i', "['gone']", '-p', 'true', '-o', '{}')).code).toBe(11);
    node.put('here', 'x');
    const done = await run('-j', '', '-r', '.', '-i', "['gone', 'here']", '-p', quoted('echo got %IN.'), '-o', '{}');
    expect(done.stdout).toContain('got here.');
    expect(done.stderr).toContain('gone not exist');
  });

  it('skips files of an earlier try, writes stream lists and runs with real output names when asked', async () => {
    for (const lfn of ['a', 'b', 'c']) node.put(lfn, lfn);
    const args = ['-j', '', '-r', '.', '-i', "['a', 'b', 'c']", '--skipInputByRetry', 'b', '--writeInputToTxt', 'IN:in.txt'];
    const done = await run(
      ...args,
      '--execWithRealFileNames',
      '-p',
      quoted('cat in.txt >out; ls $PWD/real.out'),
      '-o',
      "{'out': 'real.out'}",
    );
    expect(done.code).toBe(0);
    expect(node.read('real.out')).toBe('a,c');
  });

  it('hands secrets to the command as variables and files, never to the output', async () => {
    node.put(
      'panda_secrets.json',
      JSON.stringify({ KEY: `it's "s3"\nline`, '___file___:token': Buffer.from('t0k').toString('base64') }),
    );
    const done = await run(
      '-j',
      '',
      '-r',
      '.',
      '-p',
      quoted('test "$KEY" = "it\'s \\"s3\\"\nline" && cp token o'),
      '-o',
      "{'o': 'o.1'}",
    );
    expect(done.code).toBe(0);
    expect(node.read('o.1')).toBe('t0k');
    expect(done.stdout).not.toContain('s3\nline');
  });

  it('runs for an owner without secrets, and leaves a key that is no variable name in the file', async () => {
    const runs = (secrets: object) => {
      node.put('panda_secrets.json', JSON.stringify(secrets));
      return run('-j', '', '-r', '.', '-p', quoted('echo $A_1 >o'), '-o', "{'o': 'o.1'}");
    };
    expect((await runs({})).code).toBe(0);
    const done = await runs({ 'my-key': 's3cret', '2b': 'x', A_1: 'kept' });
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('my-key is no variable name') });
    expect(done.stdout).not.toContain('s3cret');
    expect(node.read('o.1')).toBe('kept\n');
  });

  it('leaves no secret behind when it gives up', async () => {
    node.put('panda_secrets.json', JSON.stringify({ KEY: 's3cret', '___file___:token': 'czNjcmV0' }));
    expect((await run('-j', '', '-r', '.', '-i', "['gone']", '-p', 'true', '-o', '{}')).code).toBe(11);
    expect(readdirSync(node.dir)).toEqual([name]);
  });

  it('adds the user’s job metadata to the job report and keeps renamed outputs true there', async () => {
    const report = quoted(`echo '{"files": "o"}' > jobReport.json; echo '{"n": 1}' > userJobMetadata.json; echo o > o`);
    await run('-j', '', '-r', '.', '-p', report, '-o', "{'o': 'o.final'}");
    expect(JSON.parse(node.read('jobReport.json'))).toEqual({ user_job_metadata: { n: 1 }, files: 'o.final' });
  });

  it('prepares, lets another process run the main script, and collects outputs in the postprocess step', async () => {
    node.put('a.in', 'data\n');
    const args = ['-j', '', '-r', 'deep/dir', '-i', "['a.in']", '-p', quoted('cat %IN > o'), '-o', "{'o': 'o.1'}"];
    expect((await run('--preprocess', ...args)).code).toBe(0);
    expect((await execute('sh', ['__run_main_exec.sh'], node.dir)).code).toBe(0);
    expect((await run('--postprocess', ...args)).code).toBe(0);
    expect(node.read('o.1')).toBe('data\n');
  });

  it('reads inputs where the pilot’s catalogue points to when direct access is on', async () => {
    node.put('store/far.root', 'remote');
    const pfn = join(node.dir, 'store/far.root');
    node.put(
      'PoolFileCatalog.xml',
      `<POOLFILECATALOG><File ID="1"><physical><pfn filetype="ROOT_All" name="${pfn}"/></physical></File></POOLFILECATALOG>`,
    );
    const done = await run(
      '-j',
      '',
      '-r',
      '.',
      '--directIn',
      '-i',
      "['far.root']",
      '-p',
      quoted('cat %IN > o'),
      '-o',
      "{'o': 'o.1'}",
    );
    expect(done.code).toBe(0);
    expect(readFileSync(join(node.dir, 'o.1'), 'utf8')).toBe('remote');
  });

  it('leaves nothing but its outputs in the job directory', async () => {
    await run('-j', '', '-r', '.', '-p', quoted('echo o > o; echo junk > junk'), '-o', "{'o': 'o.1'}");
    expect(readdirSync(node.dir).sort()).toEqual(['o.1', name]);
  });
});
