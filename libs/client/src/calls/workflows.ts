import type { Connection } from '../connection.js';
import { parseJson } from '../envelope.js';
import { ClientError } from '../errors.js';

/** Names the workflow engine knows. panda-server:pandaserver/server/panda.py@34d4b8f */
export const workflowCommands = ['get_status', 'abort', 'suspend', 'resume', 'retry', 'finish'] as const;
export type WorkflowCommand = (typeof workflowCommands)[number];

/** Workflow requests, relayed by the server. Spec: pbook › workflows. */
export class WorkflowCalls {
  constructor(private readonly connection: Connection) {}

  /** The relay's result as it came: a list whose first element ends with a message, or the status of the request. */
  async execute(command: WorkflowCommand, requestId: number): Promise<unknown> {
    const form = { command_name: command, kwargs: JSON.stringify({ request_id: requestId }), json_outputs: 'True' };
    const reply = await this.connection.classic('execute_idds_workflow_command', form, { accept: 'application/json' });
    const answer = parseJson(reply, 'execute_idds_workflow_command');
    if (!Array.isArray(answer) || typeof answer[0] !== 'boolean') {
      throw new ClientError('PANDA-CLIENT-003', 'execute_idds_workflow_command: the answer is not [true|false, result]');
    }
    if (answer[0]) return answer[1];
    const message = String(answer[1]);
    throw new ClientError(/not owned/.test(message) ? 'PANDA-CLIENT-006' : 'PANDA-CLIENT-007', message);
  }
}
