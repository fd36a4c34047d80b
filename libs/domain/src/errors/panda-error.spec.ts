import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorCatalogue, type PandaErrorCode } from './catalogue.js';
import type { ErrorRow } from './error-row.js';
import { PandaError, renderSentence } from './panda-error.js';

const rows = Object.entries(errorCatalogue) as [PandaErrorCode, ErrorRow][];

describe('the catalogue of errors', () => {
  it('names every code PANDA-COMPONENT-NNN, each sentence on one line, with a hint', () => {
    for (const [code, row] of rows) {
      expect(code).toMatch(/^PANDA-[A-Z]+-\d{3}$/);
      expect(row.sentence).not.toMatch(/[\r\n]/);
      expect(row.hint.length).toBeGreaterThan(10);
    }
  });

  it('uses a sentence once', () => {
    expect(new Set(rows.map(([, row]) => row.sentence)).size).toBe(rows.length);
  });

  it('begins no sentence with text of the caller unless a person or method is named there', () => {
    const begins = rows.filter(([, row]) => row.sentence.startsWith('{')).map(([code]) => code);
    expect(begins).toEqual(['PANDA-AUTH-006', 'PANDA-FILE-005']);
  });
});

describe('an error of the fleet', () => {
  it('says its sentence with the facts, and carries kind, hint and both statuses', () => {
    const error = new PandaError('PANDA-TASK-004', { command: 'retry', status: 'broken' }, { cause: new Error('why') });
    expect(error.message).toBe('Command rejected: the retry command is not accepted if the task is in broken status');
    expect(error).toMatchObject({ code: 'PANDA-TASK-004', kind: 'conflict', http: 409, legacyStatus: 30 });
    expect((error.cause as Error).message).toBe('why');
    expect(error.facts).toEqual({ command: 'retry', status: 'broken' });
  });

  it('takes the row’s own statuses before those of its kind', () => {
    expect(new PandaError('PANDA-JOB-002', {})).toMatchObject({ http: 200, legacyStatus: 20 });
    expect(new PandaError('PANDA-REQ-002', { what: 'body', limit: '16 MiB' }).http).toBe(413);
    expect(new PandaError('PANDA-AUTH-005', { role: 'production' }).legacyStatus).toBe(60);
  });

  it('keeps further facts beside those of the sentence', () => {
    const error = new PandaError('PANDA-TASK-001', { jediTaskId: 12n }, { more: { asked: true } });
    expect(error.message).toBe('jediTaskID=12 not found');
    expect(error.facts).toEqual({ jediTaskId: 12n, asked: true });
  });
});

describe('rendering a sentence', () => {
  it('keeps any fact on one line, free of control and direction characters, within 300 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (value) => {
        const text = renderSentence('no file {name}', { name: value });
        expect(text.length).toBeLessThanOrEqual(300);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
        expect(text.startsWith('no file ')).toBe(true);
      }),
    );
  });

  it('escapes what turns or hides text', () => {
    expect(renderSentence('no file {name}', { name: 'a\u202eb\u0085c\nd' })).toBe('no file a\\u202eb\\u0085c\\nd');
    expect(renderSentence('no file {name}', { name: null })).toBe('no file null');
  });

  it('leaves a place without a fact visible, also when the fact is a property of every object', () => {
    expect(renderSentence('{toString} of {x}', { x: 1 })).toBe('{toString} of 1');
  });

  it('does not expand places inside facts', () => {
    expect(renderSentence('{a}', { a: '{b}', b: 'secret' })).toBe('{b}');
  });
});
