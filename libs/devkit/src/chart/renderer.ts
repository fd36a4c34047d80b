/** Renders the charts: with helm where it is installed, else with helm/render built from Debian's Go packages. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '@panda/config';
import { root } from '../repository/root.js';

export interface RenderOptions {
  valueFiles?: readonly string[];
  /** `a.b=c`, as after --set. */
  set?: readonly string[];
  apiVersions?: readonly string[];
  release?: string;
}

export interface Renderer {
  name: 'helm' | 'helm/render';
  /** YAML of all manifests. Throws with the renderer's message when the chart refuses the values. */
  render(chart: string, options?: RenderOptions): string;
}

export interface NoRenderer {
  name: 'none';
  reason: string;
}

const GOCODE = '/usr/share/gocode';
const SPRIG = join(GOCODE, 'src/github.com/Masterminds/sprig');
const CACHE = join(root, 'node_modules/.cache/panda-render');

function run(program: string, args: readonly string[], extra: Record<string, string> = {}): string {
  try {
    const env = { ...environment(), ...extra };
    return execFileSync(program, args, {
      encoding: 'utf8',
      env,
      cwd: root,
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(stderr?.trim() || message);
  }
}

function answers(program: string, args: readonly string[]): boolean {
  try {
    run(program, args);
    return true;
  } catch {
    return false; // not installed: the next way of rendering is tried
  }
}

function go(): string | undefined {
  if (answers('go', ['version'])) return 'go';
  const debian = '/usr/lib';
  const versions = existsSync(debian) ? readdirSync(debian).filter((name) => /^go-\d/.test(name)) : [];
  return versions.map((name) => join(debian, name, 'bin/go')).find((program) => existsSync(program));
}

function build(program: string): string {
  mkdirSync(CACHE, { recursive: true });
  const binary = join(CACHE, 'render');
  const offline = { GO111MODULE: 'off', GOPATH: GOCODE, GOCACHE: join(CACHE, 'go'), GOFLAGS: '' };
  run(program, ['build', '-o', binary, join(root, 'helm/render/main.go')], offline);
  return binary;
}

const repeated = (flag: string, among: readonly string[] = []) => among.flatMap((value) => [flag, value]);

/** The best renderer this machine has. */
export function findRenderer(): Renderer | NoRenderer {
  if (answers('helm', ['version', '--short'])) {
    return {
      name: 'helm',
      render: (chart, { valueFiles, set, apiVersions, release = 'panda' } = {}) =>
        run('helm', [
          'template',
          release,
          chart,
          ...repeated('-f', valueFiles),
          ...repeated('--set', set),
          ...repeated('--api-versions', apiVersions),
        ]),
    };
  }
  const program = go();
  if (!program) return { name: 'none', reason: 'neither helm nor go is installed' };
  if (!existsSync(SPRIG)) return { name: 'none', reason: 'go is installed, golang-github-masterminds-sprig-dev is not' };
  const binary = build(program);
  return {
    name: 'helm/render',
    render: (chart, { valueFiles, set, apiVersions, release = 'panda' } = {}) =>
      run(binary, [
        '-release',
        release,
        ...repeated('-f', valueFiles),
        ...repeated('-set', set),
        ...repeated('-api-versions', apiVersions),
        chart,
      ]),
  };
}
