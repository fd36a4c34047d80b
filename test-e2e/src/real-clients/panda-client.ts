import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signInDevice } from '@panda/box';

export interface Ran {
  readonly code: number | null;
  readonly text: string;
}

/** Version 1.4.93 looks this host up while it is imported and dies where the name is unknown; nothing is ever sent there. */
const SITE = `import socket
_known = socket.getaddrinfo
socket.getaddrinfo = lambda host, *a, **k: _known('127.0.0.1' if host == 'pandacache.cern.ch' else host, *a, **k)
`;

/** An unmodified panda-client in front of a server, with a user who signs in when it asks. */
export class PandaClient {
  private readonly env: Readonly<Record<string, string>>;

  constructor(
    source: string,
    private readonly dir: string,
    server: string,
    transport: 'native' | 'curl',
    private readonly user: { readonly nickname: string; readonly password: string },
  ) {
    const config = join(dir, transport);
    const site = join(dir, 'site');
    for (const folder of [config, site, join(dir, 'work')]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(site, 'sitecustomize.py'), SITE);
    this.env = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: dir,
      PYTHONPATH: `${site}:${source}`,
      PANDA_URL: `${server}/server/panda`,
      PANDA_URL_SSL: `${server}/server/panda`,
      PANDACACHE_URL: `${server}/server/panda`,
      PANDAMON_URL: server,
      PANDA_BEHIND_REAL_LB: '1',
      PANDA_AUTH: 'oidc',
      PANDA_AUTH_VO: 'wlcg',
      PANDA_CONFIG_ROOT: config,
      ...(transport === 'native' ? { PANDA_USE_NATIVE_HTTPLIB: '1' } : {}),
    };
  }

  prun(...args: string[]): Promise<Ran> {
    return this.python('from pandaclient.PrunScript import main; main()', '--vo', 'wlcg', ...args);
  }

  pbook(command: string): Promise<Ran> {
    return this.python('from pandaclient.PBookScript import main; main()', '-c', command);
  }

  /** Runs the tool; when it shows the address of the device flow, signs in there and answers `y`. */
  private python(code: string, ...args: string[]): Promise<Ran> {
    const child = spawn('python3', ['-c', code, ...args], { cwd: join(this.dir, 'work'), env: this.env });
    let text = '';
    let asked = false;
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const address = /(http:\S+user_code=\S+)\s/.exec(text)?.[1];
      if (address === undefined || asked) return;
      asked = true;
      signInDevice(address, this.user.nickname, this.user.password).then(
        () => child.stdin.end('y\n'),
        (error: Error) => child.stdin.end(`n ${error.message}\n`),
      );
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit) => resolve({ code: exit, text }));
    });
  }
}
