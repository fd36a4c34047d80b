import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unpickle } from './reader.js';
import { PickleError, PyInstance, PyTuple, type PyValue } from './values.js';
import { pickle } from './writer.js';

const read = (text: string): PyValue => unpickle(Buffer.from(text, 'latin1'));

/** Plain data as the endpoints answer it. */
const plain = fc.letrec<{ value: PyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }),
    fc.double({ noNaN: true, noInteger: true }),
    fc.string({ unit: 'binary' }),
    fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }),
    fc.array(tie('value')),
    fc.array(tie('value')).map((items) => new PyTuple(...items)),
    fc.uniqueArray(fc.tuple(fc.string(), tie('value')), { selector: ([key]) => key }).map((entries) => new Map(entries)),
  ),
})).value;

describe('pickle writer', () => {
  it('writes the recorded answers byte for byte', () => {
    expect(pickle(new PyTuple(0, 'succeeded. new jediTaskID=12345678'))).toBe('(I0\nVsucceeded. new jediTaskID=12345678\nt.');
    expect(pickle('running')).toBe('Vrunning\n.');
    expect(pickle([5_000_000_001, 2])).toBe('(lL5000000001L\naI2\na.');
    expect(pickle(new PyTuple(4, 'Command rejected'))).toBe('(I4\nVCommand rejected\nt.');
  });

  it('is pure ASCII whatever the text is', () => {
    const text = pickle('back\\slash \n ü € 😀 \x7f');
    expect(text).toBe('Vback\\u005cslash \\u000a \\u00fc \\u20ac \\U0001f600 \\u007f\n.');
  });

  it('lets a file point back to the job that owns it', () => {
    const job = new PyInstance('pandaclient.JobSpec', 'JobSpec');
    const file = new PyInstance('pandaclient.FileSpec', 'FileSpec');
    file.state = ['lfn', job];
    job.state = [1, [file]];
    expect(pickle(job)).toContain('Vlfn\nag1\nab');
  });

  it('comes back as it went out', () => {
    fc.assert(fc.property(plain, (value) => expect(read(pickle(value))).toEqual(value)));
  });
});

describe('pickle reader', () => {
  it('reads the lists of PandaIDs a client sends in any of its protocols', () => {
    expect(read('(lp0\nL5000000001L\naI2\na.')).toEqual([5_000_000_001, 2]);
    expect(unpickle(Buffer.from('80025d71002858010000006171014b01652e', 'hex'))).toEqual(['a', 1]);
    expect(unpickle(Buffer.from('8004950a000000000000005d94284b018c016194652e', 'hex'))).toEqual([1, 'a']);
  });

  it('reads strings of Python 2', () => {
    expect(read("(lp0\nS'it\\'s \\x41'\np1\na.")).toEqual(["it's A"]);
  });

  it('reads a datetime in the form Python 3 writes it', () => {
    const text =
      'cdatetime\ndatetime\np0\n(c_codecs\nencode\np1\n(V\\u0007\\u00e5\\u000b\\u0016\\u0007\\u0000\\u0000\\u0000\\u0000\\u0000\nVlatin1\ntRtR.';
    expect(read(text)).toEqual(new Date('2021-11-22T07:00:00Z'));
  });

  it.each([
    ['os.system', "cos\nsystem\n(S'true'\ntR."],
    ['builtins.eval', 'cbuiltins\neval\n(V1\ntR.'],
    ['a subclass of a record', 'cpandaclient.JobSpec\nJobSpecX\n.'],
    ['reduce of data', '(lI1\nR.'],
    ['a persistent id', 'Pabc\n.'],
    ['an extension code', '\x82\x01.'],
    ['an instance opcode', '(ios\nsystem\n.'],
    ['a datetime that does not exist', 'cdatetime\ndatetime\n(I2021\nI2\nI31\nI0\nI0\nI0\ntR.'],
    ['a list that contains itself', '(lp0\ng0\na.'],
    ['a recall of nothing', 'g7\n.'],
    ['nothing', ''],
    ['a truncated text', 'Vabc'],
    ['too deep a nest', `${'(l'.repeat(100)}${'a'.repeat(99)}.`],
    ['an unhashable key', '(d(lI1\ns.'],
  ])('I36 refuses %s', (_, text) => {
    expect(() => read(text)).toThrow(PickleError);
  });

  it('I36 never throws anything but a PickleError on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          unpickle(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(PickleError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('I36 refuses a memo that grows without end', () => {
    const limits = { bytesMax: 1_000, depthMax: 64, itemsMax: 10 };
    expect(() => unpickle(Buffer.from(`(l${'I1\na'.repeat(50)}.`), limits)).toThrow('too many values');
    expect(() => unpickle(Buffer.alloc(2_000), limits)).toThrow('longer than 1000 bytes');
  });
});
