import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A user's shell: where the tools find the server and keep the token. */
export interface Shell {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends the tool that runs, and refuses further ones. */
  readonly signal: AbortSignal;
}

export interface ToolResult {
  readonly code: number;
  readonly output: string;
}

/** Runs one of the command-line tools, as a user would in a terminal. `onText` sees what it prints while it runs. */
export function runTool(
  shell: Shell,
  tool: 'panda' | 'prun',
  args: readonly string[],
  onText: (text: string) => void = () => undefined,
): Promise<ToolResult> {
  const program = fileURLToPath(new URL(`../../../cli/bin/${tool}.js`, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: shell.cwd,
      env: shell.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: shell.signal,
    });
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      onText(output);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The same, for steps that must succeed. */
export async function mustRun(
  shell: Shell,
  tool: 'panda' | 'prun',
  args: readonly string[],
  onText?: (text: string) => void,
): Promise<string> {
  const { code, output } = await runTool(shell, tool, args, onText);
  if (code !== 0) throw new Error(`${tool} ${args[0]} ended with code ${code}: ${output.trim()}`);
  return output;
}
