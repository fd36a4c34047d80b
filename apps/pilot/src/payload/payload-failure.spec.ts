import { describe, expect, it } from '@jest/globals';
import { payloadFailure } from './payload-failure.js';

describe('a payload that ended with an error', () => {
  it.each([
    ["terminate called after throwing an instance of 'std::bad_alloc'", 134, 1223],
    ['ERROR: unable to fetch source tarball from web', 146, 1335],
    ['write error: No space left on device', 1, 1098],
    ['fork: Cannot allocate memory', 1, 1212],
    ['FATAL:   container creation failed: singularity: no such thing', 255, 1306],
    ['singularity: fork failed: Resource temporarily unavailable', 255, 1348],
    ['FATAL:   Singularity: no more available loop devices', 255, 1307],
    ['WARNING: Not mounting requested bind point (already mounted)', 255, 1308],
    ['FATAL: failed to mount image', 255, 1309],
    ['sh: 1: apptainer: not found', 127, 1372],
    ['sh: 1: singularity: not found', 127, 1325],
    ['Failed invoking the NEWUSER namespace runtime', 255, 1340],
    ['ERROR : Failed to create user namespace', 255, 1345],
    ['', 139, 1328],
    ['Segmentation fault (core dumped)', 139, 1328],
    ['Traceback: ValueError', 1, 1305],
    ['', 3, 1305],
  ])('PILOT-payload-07 PILOT-container-08 that said %j with exit code %i is %i', (stderr, exitCode, code) => {
    expect(payloadFailure(exitCode, '', stderr).code).toBe(code);
  });

  it('PILOT-errors-10 is described by the standard sentence and its own last words', () => {
    const { message } = payloadFailure(3, 'begin\nERROR : make failed\nend\n', '');
    expect(message).toContain('Failed to execute payload');
    expect(message).toContain('exit code 3');
    expect(message).toContain('ERROR : make failed');
  });

  it('says the exit code once, without the frame that the transform puts around it', () => {
    const said = (stdout: string) => payloadFailure(3, stdout, '').message;
    const frame = '=== result ===\nexecute script: Running script failed : StatusCode=3\n';
    expect(said(frame)).toMatch(/exit code 3$/);
    expect(said(`no such table\n${frame}`)).toMatch(/exit code 3: no such table$/);
  });

  it('keeps the end of very long words', () => {
    const { message } = payloadFailure(1, '', `${'x'.repeat(5_000)} the end`);
    expect(message.length).toBeLessThanOrEqual(500);
    expect(message).toMatch(/the end$/);
  });
});
