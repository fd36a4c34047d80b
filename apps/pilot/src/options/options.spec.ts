import { describe, expect, it } from '@jest/globals';
import { labelOf, OptionError, readOptions, serverUrl } from './options.js';

const least = ['--pilot-user', 'generic', '-q', 'PQ'];

describe('options of a pilot', () => {
  it('PILOT-main-04 PILOT-main-07 PILOT-main-10 have the defaults of pilot3', () => {
    expect(readOptions(least)).toMatchObject({
      queue: 'PQ',
      label: 'ptest',
      lifetimeS: 324_000,
      getJobRequests: 2,
      getJobFailures: 5,
      cleanup: true,
      allowSameUser: true,
      allowOtherCountry: false,
      serverUrl: 'https://pandaserver.cern.ch:25443',
      submitMode: 'PULL',
    });
    expect(readOptions([...least, '-l', '3600', '-j', 'managed'])).toMatchObject({ lifetimeS: 3_600, label: 'managed' });
  });

  it('PILOT-main-12 accept the underscores of the documentation', () => {
    const argv = [
      '--pilot_user=generic',
      '-q',
      'PQ',
      '--country_group',
      'us',
      '--working_group=higgs',
      '--allow_other_country=True',
    ];
    expect(readOptions(argv)).toMatchObject({ countryGroup: 'us', workingGroup: 'higgs', allowOtherCountry: true });
  });

  it('PILOT-main-16 ADMIN-17 accept what the templates of Harvester pass', () => {
    const argv =
      '-s S -r R -q PQ -j managed -i PR -t -u -z -w generic --pilot-user generic --url https://panda.example:8443 -d'.split(' ');
    const harvester = [
      '--harvester-submit-mode',
      'PULL',
      '--allow-same-user=False',
      '--job-type',
      'managed',
      '--resource-type',
      'SCORE',
    ];
    expect(readOptions([...argv, ...harvester])).toMatchObject({
      label: 'managed',
      debug: true,
      allowSameUser: false,
      jobType: 'managed',
      resourceType: 'SCORE',
      serverUrl: 'https://panda.example:8443',
      submitMode: 'PULL',
      serverUpdates: false,
    });
  });

  it('ask more often when Harvester pushes jobs', () => {
    expect(readOptions([...least, '--harvester-submit-mode', 'PUSH']).getJobRequests).toBe(60);
  });

  it.each([
    ['PILOT-main-05', ['--pilot-user', 'generic'], '-q, the queue, is required'],
    ['the pilot user', ['-q', 'PQ'], '--pilot-user is required'],
    ['PILOT-main-03', [...least, '-w', 'waltz'], 'no such workflow'],
    ['a number', [...least, '-x', '-1'], ''],
    ['a truth value', [...least, '--cleanup', 'perhaps'], 'neither True nor False'],
    ['a mode', [...least, '--harvester-submit-mode', 'THROW'], 'PULL or PUSH'],
    ['an unknown option', [...least, '--frobnicate'], 'frobnicate'],
  ])('%s is refused with a sentence when it is missing or wrong', (_what, argv, sentence) => {
    expect(() => readOptions(argv)).toThrow(OptionError);
    expect(() => readOptions(argv)).toThrow(sentence);
  });

  it.each([
    ['ptest', 'PR', 'ptest'],
    ['user', 'RC', 'rc_test2'],
    ['managed', 'RCM', 'rcm_test2'],
    ['user', 'ALRB', 'rc_alrb'],
  ])('PILOT-main-08 a pilot started with -j %s -i %s asks for %s', (label, tag, asked) => {
    expect(labelOf(label, tag)).toBe(asked);
  });

  it.each([
    ['https://panda.example', undefined, 'https://panda.example:25443'],
    ['https://panda.example', '8443', 'https://panda.example:8443'],
    ['https://panda.example:9', '8443', 'https://panda.example:9'],
    ['http://127.0.0.1', undefined, 'http://127.0.0.1:25080'],
    ['panda.example', undefined, 'https://panda.example:25443'],
    ['https://panda.example:443', undefined, 'https://panda.example'],
    ['https://panda.example/server/panda', undefined, 'https://panda.example:25443'],
  ])('PILOT-main-10 --url %s with -p %s is %s: the port never twice', (url, port, expected) => {
    expect(serverUrl(url, port)).toBe(expected);
  });
});
