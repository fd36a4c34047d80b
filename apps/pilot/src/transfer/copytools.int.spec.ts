import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HttpTransport } from '@panda/client';
import { RecordingLog } from '@panda/testing';
import { SystemClock } from '../process/system-clock.js';
import { type CopyPlace, copyPromises } from '../testing/copytool-conformance.js';
import { checksumOfFile } from './checksum.js';
import { kindOf } from './command.copytool.js';
import { type Copied, type CopyTool, toolsFor } from './copytool.js';
import { fileCopyTool, pathOfUrl } from './file.copytool.js';
import { gridCopyTools } from './grid.copytools.js';
import { HttpCopyTool } from './http.copytool.js';
import { moveCopyTool } from './move.copytool.js';
import { type Direction, inward, outward, runTransfer } from './transfer.js';

// Real processes on a machine that may be busy.
jest.setTimeout(60_000);

const transport = new HttpTransport();

/** Programs that behave as the grid's do, over a directory: `$SE` stands for the storage behind the URL's host. */
const standIns = {
  xrdcp: `map() { case $1 in root://se/*) echo "$SE/\${1#root://se/}";; *) echo "$1";; esac; }
    [ "$1 $2 $3 $4" = "-np -f --cksum adler32:print" ] || { echo "bad options" >&2; exit 50; }
    from=$(map "$5"); to=$(map "$6")
    [ -e "$from" ] || { echo "[ERROR] Server responded with an error: [3011] No such file or directory" >&2; exit 54; }
    mkdir -p "$(dirname "$to")" && cp "$from" "$to" && echo "adler32: $(node -e 'let a=1,b=0;for(const c of require("fs").readFileSync(process.argv[1])){a=(a+c)%65521;b=(b+a)%65521}console.log(((b<<16|a)>>>0).toString(16))' "$from") $6 $(wc -c <"$from")"`,
  'gfal-copy': `map() { case $1 in gsiftp://se/*) echo "$SE/\${1#gsiftp://se/}";; file://*) echo "\${1#file://}";; esac; }
    [ "$1 $2 $3 $4" = "-f -p -K ADLER32" ] || { echo "bad options" >&2; exit 50; }
    from=$(map "$5"); to=$(map "$6"); mkdir -p "$(dirname "$to")"
    [ -e "$from" ] || { echo "gfal-copy error: 2 (No such file or directory)" >&2; exit 2; }; cp "$from" "$to"`,
  'lsm-get': 'from="$SE/${1#dcap://se/}"; [ -e "$from" ] || { echo "200 file not found" >&2; exit 200; }; cp "$from" "$2"',
  'lsm-put': 'to="$SE/${2#dcap://se/}"; mkdir -p "$(dirname "$to")" && cp "$1" "$to"',
};

describe('copytools', () => {
  let root: string;
  let web: Server;
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'copytools-'));
    for (const name of ['se', 'job', 'bin']) mkdirSync(join(root, name));
    for (const [name, script] of Object.entries(standIns)) {
      writeFileSync(join(root, 'bin', name), `#!/bin/sh\nSE=${root}/se\necho ${name} "$@" >> ${root}/calls\n${script}\n`);
      chmodSync(join(root, 'bin', name), 0o755);
    }
    web = createServer((request, response) => {
      const path = join(root, 'se', request.url ?? '');
      if (request.method === 'GET' && !existsSync(path)) return response.writeHead(404).end();
      if (request.method === 'GET') return response.end(readFileSync(path));
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, Buffer.concat(chunks));
        response.writeHead(201).end();
      });
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    web.closeAllConnections();
    await new Promise((resolve) => web.close(resolve));
    rmSync(root, { recursive: true, force: true });
  });

  const grid = (name: string): CopyTool => {
    const path = `${join(root, 'bin')}:${dirname(process.execPath)}:/usr/bin:/bin`;
    const found = gridCopyTools(new SystemClock(), { PATH: path }).find((tool) => tool.name === name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  const tools: Record<string, () => { tool: CopyTool; base: string }> = {
    file: () => ({ tool: fileCopyTool, base: `file://localhost${root}/se/` }),
    mv: () => ({ tool: moveCopyTool, base: `file://${root}/se/` }),
    https: () => ({ tool: new HttpCopyTool(transport), base: `http://127.0.0.1:${(web.address() as AddressInfo).port}/` }),
    xrdcp: () => ({ tool: grid('xrdcp'), base: 'root://se/' }),
    gfal: () => ({ tool: grid('gfal'), base: 'gsiftp://se/' }),
    lsm: () => ({ tool: grid('lsm'), base: 'dcap://se/' }),
  };
  const placeOf = (name: string): CopyPlace => {
    const { tool, base } = (tools[name] as () => { tool: CopyTool; base: string })();
    const at = (file: string) => join(root, 'se', file);
    return {
      tool,
      dir: join(root, 'job'),
      urlOf: (file) => `${base}${file}`,
      put: (file, text) => writeFileSync(at(file), text),
      stored: (file) => (existsSync(at(file)) ? readFileSync(at(file), 'utf8') : undefined),
      names: () => readdirSync(join(root, 'se')),
    };
  };

  describe.each(Object.keys(tools))('%s', (name) => {
    it.each(copyPromises)('$promise', async ({ isKept }) => {
      await expect(isKept(placeOf(name))).resolves.toBeUndefined();
    });
  });

  describe('of the grid', () => {
    const options = { checksum: 'adler32' as const, signal: new AbortController().signal };
    const at = (name: string) => join(root, 'se', name);
    const local = (name: string) => join(root, 'job', name);
    const calls = () => readFileSync(join(root, 'calls'), 'utf8').trim().split('\n');
    beforeEach(() => {
      writeFileSync(at('in'), 'in');
      writeFileSync(local('out'), 'out');
    });

    it('PILOT-data-out-10 mv links inputs and moves outputs, cp copies both', async () => {
      const base = `file://localhost${root}/se/`;
      const [mv, cp] = ['mv', 'cp'].map((name) => toolsFor([fileCopyTool, moveCopyTool], base, [name])[0]);
      await mv?.fetch(`${base}in`, local('linked'), options);
      expect(readlinkSync(local('linked'))).toBe(at('in'));
      await mv?.store(local('out'), `${base}moved`, options);
      expect([existsSync(local('out')), readFileSync(at('moved'), 'utf8')]).toEqual([false, 'out']);
      await cp?.fetch(`${base}in`, local('copied'), options);
      await cp?.store(local('copied'), `${base}again`, options);
      expect(lstatSync(local('copied')).isFile()).toBe(true);
      expect(readFileSync(at('again'), 'utf8')).toBe('in');
    });

    it('PILOT-data-out-11 lsm fetches with lsm-get and stores with lsm-put', async () => {
      await grid('lsm').fetch('dcap://se/in', local('in'), options);
      await grid('lsm').store(local('out'), 'dcap://se/out', options);
      expect(calls()).toEqual([`lsm-get dcap://se/in ${local('in')}`, `lsm-put ${local('out')} dcap://se/out`]);
    });

    it('PILOT-data-out-12 gfal copies in and out with gfal-copy, and tries again', async () => {
      const script = readFileSync(join(root, 'bin/gfal-copy'), 'utf8').split('\n');
      const once = `[ -e "${root}/$(basename "$5").tried" ] || { touch "${root}/$(basename "$5").tried"; exit 70; }`;
      writeFileSync(join(root, 'bin/gfal-copy'), [...script.slice(0, 3), once, ...script.slice(3)].join('\n'));
      const transfer = (direction: Direction, copy: (tool: CopyTool) => Promise<Copied>) => {
        const policy = { attempts: 2, pauseMs: 0 };
        const given = { what: 'f', direction, policy, signal: options.signal, tools: [grid('gfal')], copy, timeoutMs: 30_000 };
        return runTransfer(given, new SystemClock(), new RecordingLog());
      };
      await transfer(inward, (tool) => tool.fetch('gsiftp://se/in', local('in'), options));
      await transfer(outward, (tool) => tool.store(local('out'), 'gsiftp://se/out', options));
      const fetched = `gfal-copy -f -p -K ADLER32 gsiftp://se/in file://${local('in')}`;
      const stored = `gfal-copy -f -p -K ADLER32 file://${local('out')} gsiftp://se/out`;
      expect(calls()).toEqual([fetched, fetched, stored, stored]);
      expect([readFileSync(local('in'), 'utf8'), readFileSync(at('out'), 'utf8')]).toEqual(['in', 'out']);
    });

    it('PILOT-data-out-13 xrdcp is asked for the checksum, and what it prints counts', async () => {
      await grid('xrdcp').fetch('root://se/in', local('in'), options);
      const words = '-np -f --cksum adler32:print';
      expect(calls()).toEqual([`xrdcp ${words} root://se/in ${local('in')}`]);
      for (const [printed, told] of [
        ['adler32: 1a2b3c4d root://se//out 3', '1a2b3c4d'],
        ['[3B/3B][100%]\nadler32: BEEF0123 root://se//out 3', 'beef0123'],
        ['nothing', await checksumOfFile(local('out'), 'adler32')],
      ]) {
        writeFileSync(join(root, 'bin/xrdcp'), `#!/bin/sh\ncat <<'END'\n${printed}\nEND\n`);
        await expect(grid('xrdcp').store(local('out'), 'root://se/out', options)).resolves.toEqual({ bytes: 3, checksum: told });
      }
    });
  });

  it('say that a program is not installed', async () => {
    const [xrdcp] = gridCopyTools(new SystemClock(), { PATH: '/nowhere' });
    const options = { checksum: 'adler32' as const, signal: new AbortController().signal };
    await expect(xrdcp?.fetch('root://se//a', join(root, 'job/a'), options)).rejects.toMatchObject({
      message: expect.stringContaining('ENOENT'),
    });
  });
});

describe('the choice of a copytool', () => {
  const all = [fileCopyTool, new HttpCopyTool(transport), moveCopyTool, ...gridCopyTools(new SystemClock(), {})];
  const names = (url: string, wanted: string[]) => toolsFor(all, url, wanted).map(({ name }) => name);

  it('follows the queue’s order among those that serve the URL', () => {
    expect(names('file://localhost/x', ['mv', 'cp'])).toEqual(['mv', 'file']);
    expect(names('root://x//y', ['xrdcp', 'gfal'])).toEqual(['xrdcp', 'gfal']);
    expect(names('davs://x/y', ['xrdcp', 'gfalcopy'])).toEqual(['gfal']);
  });

  it('takes any that serves the URL when the queue names none of ours, and none for a scheme nobody serves', () => {
    expect(names('file:///x', ['rsync'])).toEqual(['file']);
    expect(names('gopher://x', ['xrdcp'])).toEqual([]);
    expect(names('no url', [])).toEqual([]);
  });

  it.each([
    ['[3011] No such file or directory', 'missing'],
    ['HTTP 404 : File not found', 'missing'],
    ['write: No space left on device', 'noSpace'],
    ['error: Permission denied', 'forbidden'],
    ['globus: authentication failed', 'forbidden'],
    ['connection reset by peer', 'other'],
  ])('PILOT-data-in-12 %j is a failure of kind %s', (printed, kind) => {
    expect(kindOf(printed)).toBe(kind);
  });

  it.each(['file:///a/../b', 'file://', 'http://x/y'])('%s names no file of a storage', (url) => {
    expect(() => pathOfUrl(url)).toThrow('names no file');
  });
});
