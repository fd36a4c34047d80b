import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gridPlaces, tlsOf } from './launch.js';
import { pilotKeys } from './pilot.config.js';

describe('the configuration of a pilot', () => {
  it('PILOT-job-03 PILOT-job-10 PILOT-looping-01 A-04 has the periods of pilot3 unless told otherwise', () => {
    const minute = 60_000;
    expect(pilotKeys.with({})).toMatchObject({
      heartbeat: 30 * minute,
      debugHeartbeat: minute,
      loopingPeriod: 15 * minute,
      loopingLimit: 120 * minute,
      memoryPeriod: minute,
      diskPeriod: minute,
      getJobPause: minute,
    });
  });

  it('PILOT-monitor-04 PILOT-monitor-05 PILOT-monitor-07 has the limits of pilot3 unless told otherwise', () => {
    const limits = { freeSpaceStartMb: 2_048, freeSpaceRunMb: 1_024, stdoutMaxMb: 2_048, outputMaxGb: 500 };
    expect(pilotKeys.with({})).toMatchObject(limits);
  });

  it('PILOT-monitor-16 takes intervals from the environment', () => {
    const values = pilotKeys.parse({
      PANDA_PILOT_HEARTBEAT: '10s',
      PANDA_PILOT_LOOPING_LIMIT: '1h30m',
      PANDA_AUTH_TOKEN: '/token',
    });
    expect(values).toMatchObject({ heartbeat: 10_000, loopingLimit: 5_400_000, tokenFile: '/token' });
    expect(() => pilotKeys.parse({ PANDA_PILOT_HEARTBEAT: 'often' })).toThrow('PANDA_PILOT_HEARTBEAT is not a duration');
  });
});

describe('the pilot’s certificates', () => {
  let dir: string;
  const write = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tls-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('PILOT-http-01 PILOT-main-09 are the option’s, else X509_USER_PROXY’s, else where grid tools put them', () => {
    const [option, proxy] = [write('o.pem', 'OPTION'), write('p.pem', 'PROXY')];
    expect(tlsOf({ certificate: option, caPath: undefined }, { proxy, caPath: undefined })).toMatchObject({
      cert: 'OPTION',
      key: 'OPTION',
    });
    expect(tlsOf({ certificate: undefined, caPath: undefined }, { proxy, caPath: undefined })).toMatchObject({
      cert: 'PROXY',
      key: 'PROXY',
    });
    expect(tlsOf({ certificate: '/no/such', caPath: undefined }, { proxy, caPath: undefined })).toMatchObject({ cert: 'PROXY' });
    const none = { certificate: undefined, caPath: undefined };
    const grid = { ...gridPlaces(), proxy: write('x509up', 'GRID') };
    expect(tlsOf(none, { proxy: undefined, caPath: undefined }, grid)).toMatchObject({ cert: 'GRID', key: 'GRID' });
    expect(tlsOf(none, { proxy, caPath: undefined }, grid)).toMatchObject({ cert: 'PROXY' });
    expect(gridPlaces(1_234).proxy).toBe('/tmp/x509up_u1234');
  });

  it('PILOT-http-02 PILOT-main-09 trust what lies in the option’s directory, else in X509_CERT_DIR, else in the grid’s', () => {
    write('a.pem', 'CA1');
    write('b.0', 'CA2');
    write('c.txt', 'NOT');
    const trusted = { ca: expect.stringMatching(/CA1\nCA2/) };
    expect(tlsOf({ certificate: undefined, caPath: dir }, { proxy: undefined, caPath: undefined })).toMatchObject(trusted);
    expect(tlsOf({ certificate: undefined, caPath: undefined }, { proxy: undefined, caPath: dir })).toMatchObject(trusted);
    expect(tlsOf({ certificate: undefined, caPath: dir }, { proxy: undefined, caPath: undefined }).ca).not.toContain('NOT');
    const nothing = { proxy: undefined, caPath: undefined };
    const grid = { proxy: '/no/such', caPath: dir };
    expect(tlsOf({ certificate: undefined, caPath: undefined }, nothing, grid)).toMatchObject(trusted);
    expect(tlsOf({ certificate: undefined, caPath: '/no/such' }, nothing, grid)).toMatchObject(trusted);
    const other = mkdtempSync(join(dir, 'other-'));
    expect(tlsOf({ certificate: undefined, caPath: other }, { proxy: undefined, caPath: dir }, grid).ca).toBeUndefined();
    expect(gridPlaces().caPath).toBe('/etc/grid-security/certificates');
  });
});
