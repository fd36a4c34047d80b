import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';

export interface BoxOptions {
  /** Absolute folder that holds everything of this box. */
  readonly dir: string;
  /** Port of the gateway; 0 = any free one. */
  readonly port: number;
  /** Undefined: run the demonstration unless it was completed on this folder. */
  readonly demo?: boolean;
  readonly exitWhenDone: boolean;
}

/** The panda port of the original server for plain HTTP. Spec: PanDA server installation. */
const GATEWAY_PORT = 25_080;

/** Reads the command line. Unknown or ill-formed options end the process with a message and exit code 1, `--help` with 0. */
export function parseOptions(argv: readonly string[], program: { name: string; description: string; dir: string }): BoxOptions {
  const command = new Command(program.name)
    .description(program.description)
    .option('--dir <folder>', 'folder for database, storage, logs and secrets', program.dir)
    .option('--port <number>', 'port of the gateway on 127.0.0.1, 0 = any free one', portNumber, GATEWAY_PORT)
    .option('--demo', 'run the Z boson demonstration, also where it was completed before')
    .option('--no-demo', 'start the fleet without the Z boson demonstration')
    .option(
      '--exit-when-done',
      'stop after the demonstration; exit code 0 only if both tasks are done and the peak is right',
      false,
    )
    .allowExcessArguments(false)
    .parse([...argv], { from: 'user' });
  const { dir, port, demo, exitWhenDone } = command.opts<BoxOptions>();
  if (exitWhenDone && demo === false) command.error('error: --exit-when-done needs the demonstration, --no-demo leaves it out');
  return { dir: resolve(dir), port, exitWhenDone, ...(demo === undefined ? {} : { demo }) };
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return port;
}
