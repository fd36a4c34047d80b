import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { read } from '../repository/files.js';

type Unit = Record<string, Record<string, string[]>>;

/** Sections and assignments of a systemd unit; a key may be assigned several times. */
function unit(path: string): Unit {
  const sections: Unit = {};
  let section = '';
  for (const line of read(path)
    .split('\n')
    .map((raw) => raw.trim())) {
    const head = /^\[(\w+)\]$/.exec(line);
    const assignment = /^(\w+)=(.*)$/.exec(line);
    if (head) {
      section = head[1] as string;
      sections[section] ??= {};
    } else if (assignment) {
      const [, key, value] = assignment as unknown as [string, string, string];
      const known = sections[section] as Record<string, string[]>;
      known[key] = [...(known[key] ?? []), value];
    } else if (line !== '' && !line.startsWith('#')) throw new Error(`${path}: '${line}' is no line of a unit`);
  }
  return sections;
}

const service = unit('deploy/systemd/panda@.service');
const target = unit('deploy/systemd/panda.target');
const migrate = unit('deploy/systemd/panda-migrate.service');
const inFleet = Object.keys((parse(read('helm/panda/values.yaml')) as { services: object }).services);

describe('the systemd units', () => {
  it('INSTALL-10 register every service of the fleet to start with the host, after the migrations', () => {
    const wanted = (target.Unit?.Wants ?? []).flatMap((names) => names.split(' '));
    expect(wanted.sort()).toEqual(inFleet.map((name) => `panda@${name}.service`).sort());
    expect(target.Install?.WantedBy).toEqual(['multi-user.target']);
    expect(target.Unit?.Requires).toEqual(['panda-migrate.service']);
    expect(service.Unit?.After?.[0]?.split(' ')).toContain('panda-migrate.service');
    expect(migrate.Service?.Type).toEqual(['oneshot']);
    expect(service.Service?.RuntimeDirectory).toEqual(['panda-%i']);
  });

  it('INSTALL-09 give the services a home that is not on NFS and the keys of a file', () => {
    expect(service.Service?.Environment?.[0]).toContain('HOME=/var/lib/panda');
    expect(service.Service?.StateDirectory).toEqual(['panda']);
    expect(service.Service?.EnvironmentFile).toEqual(['/etc/panda/panda.env', '-/etc/panda/%i.env']);
  });

  it('INSTALL-19 keep the logs of server and JEDI apart on one host, rotated by the journal', () => {
    expect(service.Service?.SyslogIdentifier).toEqual(['panda-%i']);
    expect([service.Service?.StandardOutput, service.Service?.StandardError]).toEqual([['journal'], ['journal']]);
  });

  it('start the program that the image starts, and let it finish its work', () => {
    expect(service.Service?.ExecStart?.[0]).toMatch(/node --enable-source-maps apps\/%i\/dist\/main\.js$/);
    const limit = Number(/PANDA_STOP_LIMIT=(\d+)s/.exec(read('deploy/.env.example'))?.[1]);
    expect(Number(service.Service?.TimeoutStopSec?.[0])).toBeGreaterThan(limit);
  });

  it('may write nothing but their state', () => {
    for (const { Service } of [service, migrate]) {
      expect(Service).toMatchObject({
        User: ['panda'],
        NoNewPrivileges: ['yes'],
        ProtectSystem: ['strict'],
        CapabilityBoundingSet: [''],
      });
    }
  });
});
