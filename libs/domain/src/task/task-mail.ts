/** What the owner of a task is told when it has ended. */
export interface EndedTask {
  readonly taskId: number;
  readonly taskName: string;
  readonly status: string;
  readonly filesTotal: number;
  readonly filesFinished: number;
  readonly errorDialog: string | null;
  /** Key `noEmail` of the parameter map. */
  readonly noEmail: boolean;
  /** USERS.email of the owner. */
  readonly address: string | null;
}

/** Who wants no mail has this before the address. panda-jedi:pandajedi/jedipprocess/AtlasAnalPostProcessor.py@42f4bb41. */
const REFUSAL = 'notsend';
/** One address, without anything a mail server could read as more. */
const ADDRESS = /^[^\s@<>,;:"\\]+@[^\s@<>,;:"\\]+$/;

/** The address to write to; null when nobody wants, or can be sent, a mail. */
export function mailAddressOf({ noEmail, address }: Pick<EndedTask, 'noEmail' | 'address'>): string | null {
  const given = address?.trim() ?? '';
  return noEmail || given.startsWith(REFUSAL) || !ADDRESS.test(given) ? null : given;
}

/** Subject and text of the mail. Source as above. */
export function taskMail(task: EndedTask): { readonly subject: string; readonly text: string } {
  const { taskId, filesTotal, filesFinished } = task;
  const result = filesFinished === filesTotal && filesTotal > 0 ? 'All Succeeded' : `${filesFinished}/${filesTotal} Succeeded`;
  const lines = [
    `Task ${taskId} (${task.taskName}) has ended: ${task.status}.`,
    `${filesFinished} of ${filesTotal} input files were processed.`,
    ...(task.errorDialog ? [`Reason: ${task.errorDialog}`] : []),
    '',
    `Everything about it: panda why ${taskId}`,
  ];
  return { subject: `JEDI notification for TaskID:${taskId} (${result})`, text: lines.join('\n') };
}
