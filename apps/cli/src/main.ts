import { type Host, hostOfProcess } from './host.js';

/** Runs a tool in this process. Interrupted tools end through `exit`, so that what they made on disk is removed. */
export async function main(run: (argv: readonly string[], host: Host) => Promise<number>): Promise<void> {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  // `panda tasks | head -1`: nobody reads any more, which is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.exitCode = await run(process.argv.slice(2), hostOfProcess());
}
