import { ConfigError } from '@panda/config';
import { exitCodes, type HandledSignal, signalErrors } from './errors/exit-code.js';
import { launchPilot } from './launch.js';
import { OptionError, type PilotOptions, readOptions } from './options/options.js';
import { type PilotConfig, pilotKeys } from './pilot.config.js';
import { PilotLog } from './process/pilot-log.js';

/** After the first signal a job may still be tidied up and reported for so long. pilot3:pilot/pilot.py@a090538. */
const LAST_WORDS_MS = 180_000;

/** The whole life of a pilot's process: options, signals, work, exit code. */
export async function runPilotProcess(argv: readonly string[]): Promise<void> {
  const read = readAll(argv);
  if (typeof read === 'string') {
    process.stderr.write(`pilot: ${read}\n`);
    process.exitCode = exitCodes.general;
    return;
  }
  const giveUp = new AbortController();
  const log = PilotLog.open(
    { write: (line) => void process.stdout.write(line) },
    {
      debug: read.options.debug,
      format: read.config.logFormat,
    },
  );
  const pilot = launchPilot({ ...read, log, giveUp: giveUp.signal });
  for (const signal of Object.keys(signalErrors) as HandledSignal[]) {
    process.on(signal, () => {
      pilot.stop(signal);
      // unref: a pilot that is done does not wait for its own deadline.
      setTimeout(() => giveUp.abort(), LAST_WORDS_MS).unref();
    });
  }
  process.exitCode = await pilot.run();
  // Kept-alive connections would hold the process.
  process.exit();
}

function readAll(argv: readonly string[]): { options: PilotOptions; config: PilotConfig } | string {
  try {
    return { options: readOptions(argv), config: pilotKeys.read() };
  } catch (error) {
    if (error instanceof OptionError || error instanceof ConfigError) return error.message;
    throw error;
  }
}
