import type { QueueData } from '../queue/queue-data.js';
import type { Command } from './payload.js';

/** Container tools a pilot can start, best first. */
const TOOLS = ['apptainer', 'singularity'] as const;

export type ContainerTool = (typeof TOOLS)[number];

/** The tool that this queue leaves to the pilot; undefined when containers are the wrapper's business or there are none. */
export function containerTool({ containerTypes }: Pick<QueueData, 'containerTypes'>): ContainerTool | undefined {
  return TOOLS.find((tool) => containerTypes.get(tool) === 'pilot');
}

/** Directories the queue wants to see inside, from `singularity_options` in its catchall: `-B /cvmfs,/scratch`. */
export function bindPaths(catchall: string): string[] {
  const found = /(?:^|\s)(?:-B|--bind)[ =]([^\s"']+)/.exec(catchall)?.[1] ?? '';
  return found.split(',').filter((path) => path !== '');
}

/** `command` inside the image, with the job directory as /srv. Spec: Pilot › singularity wrapper. */
export function inContainer(tool: ContainerTool, image: string, command: Command, dir: string, queue: QueueData): Command {
  const binds = [`${dir}:/srv`, ...bindPaths(`${queue.catchall} ${queue.containerOptions}`)];
  const options = queue.containerOptions.split(/\s+/).filter((word) => word === '-C' || word === '--nv' || word === '-c');
  const args = ['exec', ...options, '--pwd', '/srv', '-B', binds.join(','), image, command.program, ...command.args];
  return { program: tool, args };
}
