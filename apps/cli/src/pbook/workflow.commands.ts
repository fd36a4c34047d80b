import type { WorkflowCommand } from '@panda/client';
import type { BookCommand } from './command.js';
import { shown } from './literal.js';

/** Spec: pbook › Workflow bookkeeping. Features CLI-pbook-12 to -17 */
export const workflowCommands: readonly BookCommand[] = [
  workflow('show_workflow', 'get_status', 'Show the status of a workflow.'),
  workflow('kill_workflow', 'abort', 'Kill all active tasks of a workflow.'),
  workflow('retry_workflow', 'retry', 'Try again the unsuccessful tasks of a workflow, and start those that follow them.'),
  workflow('finish_workflow', 'finish', 'Finish all active tasks of a workflow.'),
  workflow('pause_workflow', 'suspend', 'Pause all active tasks of a workflow.'),
  workflow('resume_workflow', 'resume', 'Resume the paused tasks of a workflow.'),
];

function workflow(name: string, command: WorkflowCommand, help: string): BookCommand {
  return {
    name,
    parameters: ['request_id'],
    help,
    examples: [`${name}(123)`],
    run: async (book, args) => {
      book.info(`executing ${command}`);
      const output = await book.client.workflows.execute(command, args.id('request_id'));
      book.terminal.out(command === 'get_status' ? textOf(output) : messageOf(output));
      return { ok: true };
    },
  };
}

/** The answer is a list whose first element ends with a message; anything else is shown as it is. */
function messageOf(output: unknown): string {
  const [first] = Array.isArray(output) ? output : [];
  return Array.isArray(first) && first.length > 0 ? textOf(first.at(-1)) : textOf(output);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : shown(value);
}
