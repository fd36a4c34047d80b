import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compactList, pythonList, unquoted } from './file-list.js';
import { mergeParameters } from './merge-parameters.js';
import { compileTemplate, UnresolvedPlaceholder, withoutEventServiceTags } from './parameter-template.js';

/** `$<X>` stands for the placeholder of X: easier to read in tests. */
const p = (text: string) => text.replaceAll('$<', `\${`).replaceAll('>$', '}');
const files = new Map<string, readonly string[]>([
  ['IN', ['d.1.root', 'd.2.root', 'd.3.root']],
  ['SEC', ["it's.root", 'b.root']],
  ['ONE', ['run%20one.root']],
  ['SEQNUMBER', ['17']],
]);
const texts = new Map([
  ['SN', '7'],
  ['SN/P', '000007'],
]);
const render = (text: string) => compileTemplate(p(text)).render({ files, listNames: new Map([['IN', 'user.bob.in']]), texts });

describe('placeholders of a command line', () => {
  it.each([
    ['$<IN>$', 'd.[1,2,3].root'],
    ['$<IN/L>$', 'd.1.root,d.2.root,d.3.root'],
    ['$<IN/L/A>$', "'d.1.root','d.2.root','d.3.root'"],
    ['$<IN/L/S>$', 'd.1.root d.2.root d.3.root'],
    ['$<IN/T>$', "['d.1.root', 'd.2.root', 'd.3.root']"],
    ['$<SEC/T>$', "[\"it's.root\", 'b.root']"],
    ['$<IN/F>$', 'tmpin_user.bob.in'],
    ['$<ONE/E>$', 'run one.root'],
    ['$<ONE>$', 'run%20one.root'],
    ['$<IN[0:2]/L>$', 'd.1.root,d.2.root'],
    ['$<IN[-1:]>$', 'd.3.root'],
    ['$<IN[::2]/L>$', 'd.1.root,d.3.root'],
    ['$<IN[::-1]/L>$', 'd.3.root,d.2.root,d.1.root'],
    ['$<IN[1]>$', 'd.2.root'],
    ['$<SEC,ONE/L>$', "it's.root,b.root,run%20one.root"],
    ['$<SEQNUMBER/M[#*10+1]>$', '171'],
    ['$<SN>$ $<SN/P>$', '7 000007'],
    ['a $<SURL>$ b', p('a $<SURL>$ b')],
    ['no placeholder', 'no placeholder'],
  ])('%s → %s', (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each(["$<IN[__import__('os')]>$", '$<IN[0:2][1]>$', '$<IN[-]>$', '$<IN[1:2:0]>$', '$<INPUT>$'])(
    'a required placeholder that is none is an error, never code: %s',
    (template) => expect(() => render(template)).toThrow(UnresolvedPlaceholder),
  );

  it('says which placeholder is missing', () => {
    const seq = compileTemplate(p('--seed $<SEQNUMBER>$'));
    expect(() => seq.render({ files: new Map(), listNames: new Map(), texts })).toThrow(
      p('unresolved $<SEQNUMBER>$ when making'),
    );
  });

  it('event service parameters are kept bare for event service, and gone otherwise', () => {
    const text =
      'a<PANDA_ES_ONLY> --es</PANDA_ES_ONLY> b<PANDA_ESMERGE_TRF>x</PANDA_ESMERGE_TRF><PANDA_ESMERGE_JOBP>y</PANDA_ESMERGE_JOBP>';
    expect(withoutEventServiceTags(text, false)).toBe('a b');
    expect(withoutEventServiceTags(text, true)).toContain('a --es b<PANDA_ESMERGE_TRF>x');
  });
});

describe('lists of file names', () => {
  it.each([
    [['a._001.root', 'a._002.root'], 'a._[001,002].root'],
    [['a._001.pool.1', 'a._002.pool.3'], 'a._[001,002].pool'],
    [['x.root', 'y.root'], 'x.root,y.root'],
    [['x.root'], 'x.root'],
    [['1', '2', '10'], '[1,2,10]'],
    [['a1b1', 'a1b2'], 'a1b[1,2]'],
  ])('%j prints as %s', (names, expected) => {
    expect(compactList(names)).toBe(expected);
  });

  it('a compact list names every file again', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 100, max: 999 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(numbers, (list) => {
        const names = list.map((n) => `data._${n}_x.root`);
        const found = /^(.*)\[([\d,]+)\](.*)$/.exec(compactList(names));
        expect(found?.[2]?.split(',').map((n) => `${found[1]}${n}${found[3]}`)).toEqual(names);
      }),
    );
  });

  it('Python reads back what is printed for it', () => {
    expect(pythonList(['a', "b'c", 'd"e', `f'g"h`, 'i\\j'])).toBe(`['a', "b'c", 'd"e', 'f\\'g"h', 'i\\\\j']`);
  });

  it('decodes percent signs and leaves broken ones', () => {
    expect([unquoted('a%20b%2Fc'), unquoted('100%'), unquoted('%C3%A9')]).toEqual(['a b/c', '100%', 'é']);
  });
});

describe('merge groups', () => {
  const inputs = new Map([
    ['TRN_OUTPUT0', ['um.1', 'um.2']],
    ['TRN_OUTPUT1', ['um.x']],
    ['TRN_LOG0', ['log.1', 'log.2']],
  ]);
  const outputs = new Map([
    ['OUTPUT0', ['out0']],
    ['OUTPUT1', ['out1']],
    ['OUTPUT2', ['out2']],
    ['LOG_MERGE', ['log']],
  ]);

  it('join the input of each output, logs into the merged log; outputs without input vanish with their option', () => {
    const template = p('-x $<TRN_OUTPUT:OUTPUT>$ $<TRN_LOG_MERGE:LOG_MERGE>$ --two=$<OUTPUT2>$ -z');
    expect(mergeParameters(template, inputs, outputs)).toEqual({
      template: '-x um.1,um.2:out0 um.x:out1  log.1,log.2:log   -z',
      emptyStreams: ['OUTPUT2'],
    });
  });
});
