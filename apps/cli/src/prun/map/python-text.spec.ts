import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commandLineText, jsonText } from './command-line.js';
import { execPieces } from './exec-pieces.js';
import { literal, quote } from './python-text.js';

describe('a text for the transformation', () => {
  it.each([
    ["python -c 'print(1)'", 'python%20-c%20%27print%281%29%27'],
    ['a/b-c_d.e~f', 'a/b-c_d.e~f'],
    ['é%*!', '%C3%A9%25%2A%21'],
  ])('%s is quoted as %s', (text, quoted) => expect(quote(text)).toBe(quoted));

  it('is what decoding gives back', () => {
    const unit = fc.integer({ min: 0, max: 0xd7ff }).map((code) => String.fromCodePoint(code));
    fc.assert(fc.property(fc.string({ unit }), (text) => expect(decodeURIComponent(quote(text))).toBe(text)));
  });

  it.each([
    ['a', "'a'"],
    ["it's", '"it\'s"'],
    ['it\'s "x"', "'it\\'s \"x\"'"],
    ['a\\b\n\t\u0001', "'a\\\\b\\n\\t\\x01'"],
    ['é', "'é'"],
  ])('%j as a literal is %s', (text, written) => expect(literal(text)).toBe(written));
});

describe('the pieces of a command', () => {
  it('are its text and its placeholders, in order', () => {
    expect(execPieces('a --seed=%RNDM=100 %SKIPEVENTS,%MAXEVENTS %FIRSTEVENT:5')).toEqual([
      { type: 'constant', value: 'a%20--seed%3D', padding: false },
      { type: 'template', value: '${SEQNUMBER}', param_type: 'pseudo_input', dataset: 'seq_number', offset: 100, padding: false },
      { type: 'constant', value: '%20', padding: false },
      { type: 'template', value: '${SKIPEVENTS}', param_type: 'number', padding: false },
      { type: 'constant', value: '%2C', padding: false },
      { type: 'template', value: '${MAXEVENTS}', param_type: 'number', padding: false },
      { type: 'constant', value: '%20', padding: false },
      { type: 'template', value: '${FIRSTEVENT}', param_type: 'number', offset: 5, padding: false },
      { type: 'constant', value: '', padding: false },
    ]);
  });

  it('make up the command again', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab =,;%RNDM:1(){}"\'') }), (text) => {
        const whole = execPieces(text)
          .map(({ type, value }) => (type === 'constant' ? decodeURIComponent(String(value)) : String(value)))
          .join('');
        expect(whole).toBe(text.replace(/%RNDM[:=](\d+)%?/g, '${SEQNUMBER}'));
      }),
    );
  });
});

describe('a recorded command line', () => {
  it('quotes words with blanks, stars and quotes, after the = of an option', () => {
    expect(commandLineText('prun', ['--exec', 'a b', '--outputs=*.root', "--x=it's", '-v', 'plain'])).toBe(
      'prun --exec "a b" --outputs="*.root" --x="it\'s" -v plain',
    );
  });

  it('has what a JSON file added', () => {
    expect(jsonText({ noBuild: true, nJobs: '3', outDS: 'a', nFiles: 5 })).toBe(" --noBuild --nJobs=3 --outDS='a' --nFiles=5");
  });
});
