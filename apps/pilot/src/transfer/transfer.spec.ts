import { describe, expect, it } from '@jest/globals';
import { RecordingLog } from '@panda/testing';
import { SystemClock } from '../process/system-clock.js';
import { type Copied, CopyError, type CopyTool } from './copytool.js';
import { demandEqual, inward, outward, runTransfer, transferTimeoutMs } from './transfer.js';

const tool = (name: string): CopyTool => ({ name, names: [name], schemes: [], fetch: nothing, store: nothing });
const nothing = (): Promise<Copied> => Promise.resolve({ bytes: 0, checksum: '' });

/** Each try answers as the list says, the tool's name is noted. */
function transfer(outcomes: (Error | Copied)[], changes: Partial<Parameters<typeof runTransfer>[0]> = {}) {
  const tried: string[] = [];
  const copy = async ({ name }: CopyTool): Promise<Copied> => {
    tried.push(name);
    const outcome = outcomes.shift() ?? new Error('no outcome left');
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const policy = { attempts: 2, pauseMs: 0 };
  const tools = [tool('a'), tool('b')];
  const signal = new AbortController().signal;
  const given = { what: 'f', direction: inward, policy, signal, tools, copy, timeoutMs: 1_000, ...changes };
  return { tried, run: () => runTransfer(given, new SystemClock(), new RecordingLog()) };
}

const good = { bytes: 1, checksum: 'x' };

describe('a transfer', () => {
  it('is tried again, then with the next tool of the queue', async () => {
    const { run, tried } = transfer([new Error('1'), new Error('2'), good]);
    await expect(run()).resolves.toEqual(good);
    expect(tried).toEqual(['a', 'a', 'b']);
  });

  it('fails with the last reason when every tool did', async () => {
    const { run, tried } = transfer([1, 2, 3, 4].map((n) => new Error(`try ${n}`)));
    await expect(run()).rejects.toMatchObject({ code: 1099, message: expect.stringContaining('try 4') });
    expect(tried).toEqual(['a', 'a', 'b', 'b']);
  });

  it('is not tried again for a file that is missing', async () => {
    const { run, tried } = transfer([new CopyError('missing', 'gone')]);
    await expect(run()).rejects.toMatchObject({ code: 1331 });
    expect(tried).toEqual(['a']);
  });

  it.each([
    [inward, 'noSpace', 1098],
    [inward, 'forbidden', 1338],
    [inward, 'other', 1099],
    [outward, 'noSpace', 1333],
    [outward, 'forbidden', 1383],
    [outward, 'missing', 1137],
  ] as const)('maps what went wrong to the pilot’s errors', async (direction, kind, code) => {
    const { run } = transfer([new CopyError(kind, 'x')], { direction, policy: { attempts: 1, pauseMs: 0 }, tools: [tool('a')] });
    await expect(run()).rejects.toMatchObject({ code });
  });

  it.each([
    [inward, 1151],
    [outward, 1152],
  ] as const)('PILOT-looping-03 ends at its time limit even when a tool hangs', async (direction, code) => {
    const hang = () => new Promise<Copied>(() => undefined);
    const { run } = transfer([], {
      direction,
      copy: hang,
      timeoutMs: 20,
      policy: { attempts: 1, pauseMs: 0 },
      tools: [tool('a')],
    });
    await expect(run()).rejects.toMatchObject({ code });
  });

  it('has no tool for a URL nobody serves', async () => {
    await expect(transfer([], { tools: [] }).run()).rejects.toMatchObject({ code: 1323 });
  });

  it('PILOT-data-in-10 tells checksums of both kinds and directions apart', () => {
    const mismatch = (direction: typeof inward, kind: 'adler32' | 'md5') => {
      try {
        demandEqual(direction, kind, 'a', 'b', 'f');
      } catch (error) {
        return (error as { code: number }).code;
      }
      return undefined;
    };
    expect([
      mismatch(inward, 'adler32'),
      mismatch(outward, 'adler32'),
      mismatch(inward, 'md5'),
      mismatch(outward, 'md5'),
    ]).toEqual([1171, 1172, 1145, 1141]);
  });

  it.each([
    [0, 300_000],
    [1e6, 301_000],
    [5e9, 5_300_000],
    [1e14, 10_800_000],
  ])('PILOT-data-in-11 of %d bytes may take %d ms', (bytes, ms) => {
    expect(transferTimeoutMs(bytes)).toBe(ms);
  });
});
