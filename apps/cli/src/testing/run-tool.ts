import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { environment } from '@panda/config';

export interface ToolRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  readonly cwd?: string;
  /** The whole environment: tests must not depend on who runs them. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs the real binary in a process of its own, without a terminal. Needs `npm run compile`. */
export function runTool(tool: ToolName, args: readonly string[], options: ToolOptions = {}): Promise<ToolRun> {
  return startTool(tool, args, options).ended;
}

export type ToolName = 'panda' | 'prun' | 'pbook';

export interface StartedTool {
  readonly ended: Promise<ToolRun>;
  kill(signal: NodeJS.Signals): void;
}

export function startTool(tool: ToolName, args: readonly string[], options: ToolOptions = {}): StartedTool {
  const binary = fileURLToPath(new URL(`../../bin/${tool}.js`, import.meta.url));
  const env = { PATH: environment().PATH ?? '', ...options.env };
  const child = spawn(process.execPath, [binary, ...args], { cwd: options.cwd, env });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.end(options.input ?? '');
  const ended = new Promise<ToolRun>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout: String(Buffer.concat(stdout)), stderr: String(Buffer.concat(stderr)) }));
  });
  return { ended, kill: (signal) => void child.kill(signal) };
}

/** A token nobody signed: the tools only read it, the server of a test does not look. */
export function tokenOf(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ exp: 4_102_444_800, ...claims })}.x`;
}

export const aliceToken = tokenOf({ name: 'Alice Adams', preferred_username: 'alice', groups: ['wlcg', 'higgs/production'] });
