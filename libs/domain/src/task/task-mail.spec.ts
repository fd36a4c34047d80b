import { describe, expect, it } from '@jest/globals';
import { mailAddressOf, taskMail } from './task-mail.js';

const ended = {
  taskId: 7,
  taskName: 'user.alice.test',
  status: 'finished',
  filesTotal: 4,
  filesFinished: 3,
  errorDialog: '3 of 4 input files finished',
  noEmail: false,
  address: 'alice@example.org',
};

describe('the mail at the end of a task', () => {
  it('says what became of it', () => {
    expect(taskMail(ended)).toEqual({
      subject: 'JEDI notification for TaskID:7 (3/4 Succeeded)',
      text: 'Task 7 (user.alice.test) has ended: finished.\n3 of 4 input files were processed.\nReason: 3 of 4 input files finished\n\nEverything about it: panda why 7',
    });
    expect(taskMail({ ...ended, filesFinished: 4, errorDialog: null }).subject).toContain('(All Succeeded)');
    expect(taskMail({ ...ended, filesTotal: 0, filesFinished: 0 }).subject).toContain('(0/0 Succeeded)');
  });

  it.each([
    [{}, 'alice@example.org'],
    [{ noEmail: true }, null],
    [{ address: null }, null],
    [{ address: 'notsend alice@example.org' }, null],
    [{ address: 'notsendalice@example.org' }, null],
    [{ address: 'a@b>\r\nRCPT TO:<c@d' }, null],
    [{ address: 'nobody' }, null],
  ])('with %j goes to %s', (more, address) => {
    expect(mailAddressOf({ ...ended, ...more })).toBe(address);
  });
});
