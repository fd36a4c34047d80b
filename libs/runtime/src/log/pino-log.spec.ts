import { describe, expect, it } from '@jest/globals';
import { withFacts } from './context.js';
import { NestLog } from './nest-log.js';
import { PinoLog } from './pino-log.js';

function logged(level: 'debug' | 'info' = 'debug'): { log: PinoLog; lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const log = PinoLog.open(
    { service: 'gateway', logLevel: level, logFormat: 'json' },
    { write: (line) => void written.push(line) },
  );
  return { log, lines: () => written.map((line) => JSON.parse(line)) };
}

describe('the log', () => {
  it('writes one JSON object a line, with service, level word, time and facts', () => {
    const { log, lines } = logged();
    log.info('a task was refined', { jediTaskId: 7 });
    expect(lines()).toMatchObject([
      { level: 'info', service: 'gateway', msg: 'a task was refined', jediTaskId: 7, pid: process.pid },
    ]);
    expect(Date.parse(String(lines()[0]?.time))).not.toBeNaN();
  });

  it('carries the facts of its context across awaits, inner ones added to outer ones', async () => {
    const { log, lines } = logged();
    await withFacts({ traceId: 't1' }, async () => {
      await Promise.resolve();
      await withFacts({ jediTaskId: 7 }, async () => {
        await new Promise(setImmediate);
        log.warn('slow');
      });
      log.info('after');
    });
    log.info('outside');
    expect(lines()).toMatchObject([{ traceId: 't1', jediTaskId: 7 }, { traceId: 't1' }, {}]);
    expect(lines()[1]).not.toHaveProperty('jediTaskId');
    expect(lines()[2]).not.toHaveProperty('traceId');
  });

  it('writes a fact once that its context, its maker and its caller give, the caller’s', () => {
    const written: string[] = [];
    const settings = { service: 'gateway', logLevel: 'info', logFormat: 'json' } as const;
    const log = PinoLog.open(settings, { write: (line) => void written.push(line) });
    withFacts({ agent: 'context', cycle: 1 }, () => {
      log.with({ agent: 'maker' }).info('made');
      log.with({ agent: 'maker' }).info('called', { agent: 'caller' });
    });
    expect(written.map((line) => line.match(/"agent":"\w+"/g))).toEqual([['"agent":"maker"'], ['"agent":"caller"']]);
    expect(written[0]).toContain('"cycle":1');
  });

  it('adds the facts it was made with', () => {
    const { log, lines } = logged();
    log.with({ agent: 'refiner' }).with({ lane: 1 }).error('no');
    expect(lines()).toMatchObject([{ agent: 'refiner', lane: 1, level: 'error' }]);
  });

  it('never writes a secret', () => {
    const { log, lines } = logged();
    log.info('connected', { password: 'hush', broker: { passcode: 'hush', host: 'mb' }, token: 'hush' });
    expect(JSON.stringify(lines())).not.toContain('hush');
    expect(lines()).toMatchObject([{ broker: { host: 'mb' } }]);
  });

  it('writes an error with its stack and cause', () => {
    const { log, lines } = logged();
    log.error('failed', { error: new Error('outer', { cause: new Error('inner') }) });
    const [{ error } = {}] = lines() as { error?: { message: string; stack: string; cause: { message: string } } }[];
    expect(error).toMatchObject({ message: 'outer', cause: { message: 'inner' } });
    expect(error?.stack).toContain('pino-log.spec');
  });

  it('writes nothing below its level', () => {
    const { log, lines } = logged('info');
    log.debug('detail');
    expect(lines()).toEqual([]);
  });
});

describe('Nest’s lines', () => {
  it('are details, with the class they come from', () => {
    const { log, lines } = logged();
    new NestLog(log).log('Mapped {/, GET} route', 'RouterExplorer');
    expect(lines()).toMatchObject([{ level: 'debug', source: 'RouterExplorer' }]);
  });

  it('keep the error they report', () => {
    const { log, lines } = logged();
    const nest = new NestLog(log);
    nest.error(new Error('boom'), 'ExceptionsHandler');
    nest.error('boom', 'Error: boom\n    at somewhere', 'ExceptionsHandler');
    expect(lines()).toMatchObject([
      { msg: 'boom', source: 'ExceptionsHandler', error: { message: 'boom' } },
      { msg: 'boom', source: 'ExceptionsHandler', stack: 'Error: boom\n    at somewhere' },
    ]);
  });
});
