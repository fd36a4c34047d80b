import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadSecret } from '../identity/secret-file.js';
import { environmentOf } from './environment.js';
import { layoutOf } from './layout.js';
import { BoxIsRunning, endLeftovers } from './leftovers.js';
import { pickPort } from './ports.js';
import { readState, writeState } from './state.js';

describe('what one box leaves for the next', () => {
  let dir: string;
  let entry: string;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'panda-launch-'));
    entry = join(dir, 'service.mjs');
    await writeFile(entry, 'process.stdout.write("up"); setInterval(() => {}, 1e6);');
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await rm(dir, { recursive: true, force: true });
  });
  const running = async (...args: string[]) => {
    child = spawn(process.execPath, args.length > 0 ? args : [entry], { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout ?? child, 'data');
    return child.pid ?? 0;
  };
  const NOBODY = 2 ** 22 + 1; // above the largest process id of Linux

  it('ends a service whose launcher was killed, and only that', async () => {
    const pid = await running();
    const exited = once(child ?? process, 'exit');
    const strangers = { [process.pid]: entry }; // a reused process id with another command line
    expect(await endLeftovers({ launcherPid: NOBODY, ports: {}, processes: { [pid]: entry, ...strangers } }, 'main.js')).toBe(1);
    expect((await exited)[1]).toBe('SIGKILL');
  });

  it('waits until a service that it ends has let go of its port, which the kernel closes after the memory', async () => {
    await writeFile(
      entry,
      `import { createServer } from 'node:net';
       const held = Buffer.alloc(${400 * 2 ** 20}, 1);
       const server = createServer().listen(0, '127.0.0.1', () => process.stdout.write(String(server.address().port)));
       setInterval(() => held.length, 1e6);`,
    );
    child = spawn(process.execPath, [entry], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [text] = await once(child.stdout ?? child, 'data');
    const port = Number(String(text));
    const state = { launcherPid: NOBODY, ports: { gateway: port }, processes: { [child.pid ?? 0]: entry } };
    expect(await endLeftovers(state, 'main.js')).toBe(1);
    expect(await pickPort(port, true)).toBe(port);
  });

  it('refuses to start beside a living box', async () => {
    const pid = await running();
    await expect(endLeftovers({ launcherPid: pid, ports: {}, processes: {} }, entry)).rejects.toThrow(BoxIsRunning);
  });

  it('refuses to start beside a living box that was started by a path relative to its folder, as npm start does', async () => {
    const pid = await running('service.mjs');
    await expect(endLeftovers({ launcherPid: pid, ports: {}, processes: {} }, entry)).rejects.toThrow(BoxIsRunning);
  });

  it('reads what it wrote, and treats a torn file as a first start', async () => {
    const state = { launcherPid: 1, ports: { gateway: 25_080 }, processes: {} };
    const file = join(dir, 'state.json');
    expect(await readState(file)).toBeUndefined();
    await writeState(file, state);
    expect(await readState(file)).toEqual(state);
    await writeFile(file, '{"launcherPid": 1, "po');
    expect(await readState(file)).toBeUndefined();
  });

  it('keeps the key of user secrets, 32 bytes that the gateway is told to read', async () => {
    const layout = layoutOf(dir);
    const key = await loadSecret(layout.secretsKey);
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(await loadSecret(layout.secretsKey)).toBe(key);
    expect((await stat(layout.secretsKey)).mode & 0o077).toBe(0);
    expect(environmentOf(layout, { databaseUrl: 'postgresql://h/d', gatewayPort: 1 }).PANDA_SECRETS_KEY_FILE).toBe(
      layout.secretsKey,
    );
  });

  it('keeps a port while it is free and says what to do when a wanted one is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await expect(pickPort(port, true)).rejects.toThrow(/--port/);
    expect(await pickPort(port)).not.toBe(port);
    taken.close();
    await once(taken, 'close');
    expect(await pickPort(port, true)).toBe(port);
  });
});
