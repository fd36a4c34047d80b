import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jobMachine } from '../job/job.machine.js';
import { step } from '../machine/machine.js';
import { isKillCode, judgeKill, killCodes } from './kill-codes.js';
import { formatDiagnostics, type PilotErrorName, pilotErrorOf, pilotErrors } from './pilot-codes.js';
import { brokerageErrorCode, ddmErrorCode, jobDispatcherErrorCode, taskBufferErrorCode } from './server-codes.js';

function expectCodes(codes: string): void {
  for (const pair of codes.split(' ')) {
    const [code = '', name = ''] = pair.split(':');
    expect({ code, name: pilotErrorOf(Number(code))?.name }).toEqual({ code, name: name as PilotErrorName });
  }
}

describe('the codes of the pilot', () => {
  it('PILOT-errors-01 numbers each error once', () => {
    const numbers = Object.values(pilotErrors).map((row) => row.code);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(pilotErrorOf(999)).toBeUndefined();
  });

  it('PILOT-errors-02 knows the general, space and file codes', () => {
    expectCodes('1008:GENERALERROR 1098:NOLOCALSPACE 1099:STAGEINFAILED 1100:REPLICANOTFOUND 1103:NOSUCHFILE');
    expectCodes('1104:USERDIRTOOLARGE 1106:STDOUTTOOBIG 1110:SETUPFAILURE');
  });

  it('PILOT-errors-03 knows the queue data, storage and md5 codes', () => {
    expectCodes('1115:NFSSQLITE 1116:QUEUEDATA 1117:QUEUEDATANOTOK 1124:OUTPUTFILETOOLARGE 1133:NOSTORAGE 1137:STAGEOUTFAILED');
    expectCodes('1141:PUTMD5MISMATCH 1145:GETMD5MISMATCH 1143:CHMODTRF');
  });

  it('PILOT-errors-04 knows the kill, looping, time-out and checksum codes', () => {
    expectCodes('1144:PANDAKILL 1149:TRFDOWNLOADFAILURE 1150:LOOPINGJOB 1151:STAGEINTIMEOUT 1152:STAGEOUTTIMEOUT 1163:NOPROXY');
    expectCodes('1165:MISSINGOUTPUTFILE 1168:SIZETOOLARGE 1171:GETADMISMATCH 1172:PUTADMISMATCH 1177:NOVOMSPROXY');
  });

  it('PILOT-errors-05 knows the globus, software and signal codes', () => {
    expectCodes('1180:GETGLOBUSSYSERR 1181:PUTGLOBUSSYSERR 1186:NOSOFTWAREDIR 1187:NOPAYLOADMETADATA 1190:LFNTOOLONG');
    expectCodes('1191:ZEROFILESIZE 1199:MKDIR 1200:KILLSIGNAL 1201:SIGTERM 1202:SIGQUIT 1203:SIGSEGV 1204:SIGXCPU');
    expectCodes('1205:USERKILL 1206:SIGBUS 1207:SIGUSR1');
  });

  it('PILOT-errors-06 knows the payload, memory and event service codes', () => {
    expectCodes(
      '1211:MISSINGINSTALLATION 1212:PAYLOADOUTOFMEMORY 1213:REACHEDMAXTIME 1220:UNKNOWNPAYLOADFAILURE 1221:FILEEXISTS',
    );
    expectCodes('1223:BADALLOC 1224:ESRECOVERABLE 1228:ESFATAL 1238:ESNOEVENTS 1234:EXECUTEDCLONEJOB 1235:PAYLOADEXCEEDMAXMEM');
    expectCodes(
      '1236:FAILEDBYSERVER 1240:MESSAGEHANDLINGFAILURE 1242:CHKSUMNOTSUP 1244:NORELEASEFOUND 1246:NOUSERTARBALL 1247:BADXML',
    );
  });

  it.each([
    ['PILOT-errors-07', [1300, 1301, 1302, 1303], 1305, 1329],
    ['PILOT-errors-08', [], 1330, 1349],
    ['PILOT-errors-09', [], 1350, 1365],
  ] as const)('%s has a message for every code of its range', (_id, single, first, last) => {
    const range = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    for (const code of [...single, ...range])
      expect({ code, text: pilotErrorOf(code)?.message }).toEqual({ code, text: expect.any(String) });
  });

  it('PILOT-errors-10 writes the standard message and the tail of the detail', () => {
    expect(formatDiagnostics(1099, 'copy failed: no route')).toBe('Failed to stage-in file:copy failed: no route');
    expect(formatDiagnostics(1099, `${'x'.repeat(600)} the end`)).toMatch(/^Failed to stage-in file:x+ the end$/);
    expect(formatDiagnostics(1099, `${'x'.repeat(600)} the end`)).toHaveLength(500);
    expect(formatDiagnostics(1099, ' ')).toBe('Failed to stage-in file');
    expect(formatDiagnostics(1099, 'Failed to stage-in file: again')).toBe('Failed to stage-in file:again');
    expect(formatDiagnostics(7, 'odd')).toBe('unknown pilot error 7:odd');
    expect(formatDiagnostics(1099, 'detail', 10)).toBe('Failed to ');
  });
});

describe('the codes of the server', () => {
  it.each([taskBufferErrorCode, jobDispatcherErrorCode, ddmErrorCode, brokerageErrorCode])('uses a number once', (codes) => {
    const numbers = Object.values(codes);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe('killing a job', () => {
  it('never touches a final job and always fires a legal event on others', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...jobMachine.states),
        fc.constantFrom(null, 1, ...Object.keys(killCodes).map(Number)),
        (status, code) => {
          const verdict = judgeKill(status, code);
          expect(verdict.effect === 'none').toBe(jobMachine.final.includes(status));
          if (verdict.effect === 'end') expect(() => step(jobMachine, status, verdict.event)).not.toThrow();
        },
      ),
    );
  });

  it('asks the pilot of a running job, unless the code ends it at once', () => {
    expect(judgeKill('running', null)).toEqual({ effect: 'askPilot', errorCode: 100 });
    expect(judgeKill('running', 50)).toEqual({ effect: 'askPilot', errorCode: 100 });
    expect(judgeKill('running', 52)).toEqual({ effect: 'end', event: 'cancelled', errorCode: 100 });
    expect(judgeKill('running', 2)).toEqual({ effect: 'end', event: 'closed', errorCode: 102 });
  });

  it('ends a job that no pilot holds', () => {
    expect(judgeKill('activated', null)).toEqual({ effect: 'end', event: 'cancelled', errorCode: 100 });
    expect(judgeKill('pending', 4)).toEqual({ effect: 'end', event: 'closed', errorCode: 102 });
    expect(judgeKill('transferring', 50)).toEqual({ effect: 'end', event: 'cancelled', errorCode: 100 });
    expect(judgeKill('activated', 10)).toEqual({ effect: 'end', event: 'closed', errorCode: 130 });
  });

  it('knows its codes', () => {
    expect(isKillCode(51)).toBe(true);
    expect(isKillCode(5)).toBe(false);
  });
});
