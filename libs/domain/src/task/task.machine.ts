import { allBut, machine, namesOf, PREVIOUS, row, type StatesOf } from '../machine/machine.js';

/** Spec: Basic Concepts › Task; panda-docs:docs/source/terminology/images/jediTaskStatus.png@f3f4c38. */
const states = [
  'registered',
  'staging',
  'staged',
  'topreprocess',
  'preprocessing',
  'defined',
  'assigning',
  'ready',
  'pending',
  'scouting',
  'scouted',
  'running',
  'throttled',
  'prepared',
  'passed',
  'exhausted',
  'finishing',
  'toretry',
  'toincexec',
  'rerefine',
  'toreassign',
  'reassigning',
  'aborting',
  'toabort',
  'tobroken',
  'paused',
  'done',
  'finished',
  'failed',
  'broken',
  'aborted',
] as const;

const final = ['done', 'finished', 'failed', 'broken', 'aborted'] as const;
/** A task on its way out: it takes no kill, finish or parent's end any more. */
const leaving = ['prepared', 'passed', 'tobroken', 'toabort', 'aborting', 'finishing'] as const;
/** Commands under way that may return to the state before them: the memory has one place, so a pause must wait. */
const returning = ['toretry', 'toincexec', 'toreassign', 'reassigning'] as const;
const stoppable = allBut(states, [...final, ...leaving]);

export const taskMachine = machine({
  name: 'task',
  states,
  initial: ['registered'],
  final,
  resting: ['pending', 'throttled', 'paused'],
  reopenedBy: ['retryAsked', 'incexecAsked', 'reactivateAsked'],
  rows: [
    // Refinement. Spec: Task Refiner.
    row(['registered', 'staged'], 'refined', 'defined', 'jedi-task-refiner'),
    row(['rerefine'], 'rerefined', 'defined', 'jedi-task-refiner', { note: 'incremental execution: datasets are appended' }),
    row(['registered'], 'stagingAsked', 'staging', 'jedi-task-refiner', { note: 'parameter toStaging' }),
    row(['registered', 'staged'], 'preprocessingAsked', 'topreprocess', 'jedi-task-refiner', { note: 'parameter preproSpec' }),
    row(['topreprocess'], 'preprocessingSent', 'preprocessing', 'jedi-job-generator'),
    row(['preprocessing'], 'preprocessed', 'registered', ['jedi-watchdog', 'jedi-job-generator']),
    row(['preprocessing'], 'preprocessingFailed', 'prepared', ['jedi-watchdog', 'jedi-job-generator'], {
      note: 'no input succeeded, so the task ends failed',
    }),
    row(['registered'], 'duplicateFound', 'toabort', 'jedi-task-refiner', { note: 'uniqueTaskName is taken' }),

    // Fatal problems.
    row(['registered', 'staged', 'rerefine'], 'foundBroken', 'tobroken', 'jedi-task-refiner'),
    row(['defined'], 'foundBroken', 'tobroken', 'jedi-contents-feeder'),
    row(['assigning'], 'foundBroken', 'tobroken', 'jedi-task-broker'),
    row(['topreprocess', 'preprocessing', 'ready', 'running'], 'foundBroken', 'tobroken', 'jedi-job-generator'),
    row(['scouting'], 'foundBroken', 'tobroken', ['jedi-watchdog', 'jedi-job-generator'], { note: 'no scout job succeeded' }),

    // Temporary problems: hold and release. The reason stands in errorDialog.
    row(['registered', 'staged', 'rerefine'], 'held', 'pending', 'jedi-task-refiner', { remembers: true }),
    row(['defined'], 'held', 'pending', 'jedi-contents-feeder', { remembers: true }),
    row(['topreprocess', 'preprocessing'], 'held', 'pending', 'jedi-job-generator', { remembers: true }),
    row(['ready', 'scouting', 'running'], 'held', 'pending', ['jedi-job-generator', 'jedi-watchdog'], { remembers: true }),
    row(['prepared'], 'held', 'pending', 'jedi-post-processor', { remembers: true }),
    row(
      ['pending'],
      'released',
      PREVIOUS,
      ['jedi-watchdog', 'jedi-post-processor', 'jedi-job-generator', 'jedi-task-refiner', 'message-processor'],
      {
        note: 'the problem may be over',
      },
    ),
    row(['pending'], 'pendingExpired', 'exhausted', 'jedi-watchdog', { note: 'pending for longer than the pending time-out' }),

    // Input and destination. Spec: Contents Feeder, Task Brokerage.
    row(['defined'], 'contentsReady', 'ready', 'jedi-contents-feeder'),
    row(['defined'], 'destinationNeeded', 'assigning', 'jedi-contents-feeder'),
    row(['assigning'], 'destinationChosen', 'ready', 'jedi-task-broker'),
    row(['ready', 'running', 'preprocessing'], 'inputReopened', 'defined', ['jedi-watchdog', 'jedi-job-generator'], {
      note: 'known input is processed, but a master dataset still grows',
    }),

    // Scouts and avalanche. Spec: Dynamic optimization of task parameters.
    row(['ready'], 'scoutsSent', 'scouting', 'jedi-job-generator'),
    row(['ready', 'scouting'], 'jobsSent', 'running', 'jedi-job-generator', { note: 'a task without scouts' }),
    row(['scouting', 'ready'], 'scoutsMeasured', 'scouted', ['jedi-watchdog', 'jedi-job-generator']),
    row(['scouted'], 'avalanched', 'running', ['jedi-post-processor', 'jedi-watchdog']),
    row(['scouting', 'running'], 'foundExhausted', 'exhausted', 'jedi-watchdog', {
      remembers: true,
      note: 'measured demands contradict the request; the user decides',
    }),

    // Throttling.
    row(['running'], 'throttled', 'throttled', ['jedi-watchdog', 'jedi-job-generator'], { remembers: true }),
    row(['throttled'], 'unthrottled', PREVIOUS, ['jedi-watchdog', 'jedi-job-generator']),

    // The end. Spec: Post Processor.
    row(['running', 'ready'], 'inputSettled', 'prepared', ['jedi-watchdog', 'jedi-job-generator']),
    row(['prepared', 'passed'], 'allSucceeded', 'done', 'jedi-post-processor'),
    row(['prepared', 'passed'], 'partlySucceeded', 'finished', 'jedi-post-processor'),
    row(['prepared', 'passed'], 'noneSucceeded', 'failed', 'jedi-post-processor'),
    row(['prepared'], 'goalMissed', 'exhausted', 'jedi-post-processor', { remembers: true, note: 'rule useExhausted' }),
    row(['prepared', 'passed'], 'duplicatesInDone', 'paused', 'jedi-post-processor', {
      remembers: 'done',
      note: 'output was made twice',
    }),
    row(['prepared', 'passed'], 'duplicatesInFinished', 'paused', 'jedi-post-processor', { remembers: 'finished' }),
    row(['prepared', 'passed'], 'duplicatesInFailed', 'paused', 'jedi-post-processor', { remembers: 'failed' }),
    row(['tobroken', 'prepared', 'passed'], 'concludedBroken', 'broken', 'jedi-post-processor', {
      note: 'or post-processing failed for good',
    }),
    row(['toabort'], 'concludedAborted', 'aborted', 'jedi-post-processor'),
    row(stoppable, 'parentEnded', 'toabort', ['jedi-post-processor', 'jedi-task-refiner'], {
      note: 'parent failed, broken or aborted',
    }),
    row(['exhausted'], 'exhaustedExpired', 'finishing', 'jedi-watchdog', { note: 'nobody decided within waitForExhausted' }),
    row(['running', 'scouting', 'scouted', 'ready', 'pending', 'throttled'], 'goalReached', 'finishing', 'jedi-watchdog', {
      remembers: true,
      note: 'soft finish: the goal is reached',
    }),

    // Commands. Spec: Task Commando.
    row([...stoppable, 'finishing'], 'killAsked', 'aborting', 'jedi-task-commando', { remembers: true }),
    row(['aborting'], 'killed', 'toabort', 'jedi-task-commando', { note: 'no live job is left' }),
    row([...stoppable, 'finishing'], 'finishAsked', 'finishing', 'jedi-task-commando', { remembers: true }),
    row(['finishing'], 'finishDone', 'passed', 'jedi-task-commando', { note: 'no live job is left' }),
    row(
      ['registered', 'defined', 'ready', 'running', 'scouting', 'scouted', 'pending', 'assigning', 'exhausted'],
      'reassignAsked',
      'toreassign',
      'jedi-task-commando',
      { remembers: true },
    ),
    row(['toreassign'], 'reassignBegun', 'reassigning', 'jedi-task-commando', { note: 'no live job is left; data must move' }),
    row(['toreassign'], 'reassignKept', PREVIOUS, 'jedi-task-commando', { note: 'third field of the comment is y' }),
    row(['reassigning'], 'reassigned', 'ready', 'jedi-watchdog', { note: 'the new destination is subscribed' }),
    row(['reassigning'], 'reassignRestored', PREVIOUS, 'jedi-watchdog'),
    row(['reassigning'], 'destinationCleared', 'assigning', 'jedi-watchdog', { note: 'no nucleus was given' }),
    row(['finished', 'failed', 'aborted', 'exhausted'], 'retryAsked', 'toretry', 'jedi-task-commando', { remembers: true }),
    row(['exhausted'], 'retryExhausted', 'running', 'jedi-task-commando', {
      note: 'it was running or scouting: only the state changes',
    }),
    row(['exhausted'], 'retryWaiting', PREVIOUS, 'jedi-task-commando', {
      onlyIfRemembered: true,
      note: 'it had waited too long before its input was known: it tries again there',
    }),
    row(['toretry'], 'retried', 'ready', 'jedi-task-commando'),
    row(['toretry'], 'nothingToRetry', PREVIOUS, 'jedi-task-commando'),
    row(['done', 'finished', 'failed', 'aborted', 'exhausted'], 'incexecAsked', 'toincexec', 'jedi-task-commando', {
      remembers: true,
    }),
    row(['toincexec'], 'incexecDone', 'rerefine', 'jedi-task-commando'),
    row(['toincexec'], 'incexecRefused', PREVIOUS, 'jedi-task-commando', { note: 'the new parameters are unusable' }),
    row(allBut(states, [...final, ...returning, 'paused']), 'pauseAsked', 'paused', 'jedi-task-commando', {
      remembers: true,
      note: 'not while another command still needs the memory of the state before it',
    }),
    row(['paused', 'throttled'], 'resumeAsked', PREVIOUS, 'jedi-task-commando'),
    row(['staging'], 'resumeAsked', 'staged', ['jedi-task-commando', 'message-processor'], { note: 'input is staged' }),
    row(['scouting'], 'avalancheAsked', 'scouting', 'jedi-task-commando', { note: 'the next finalisation opens the avalanche' }),
    row(['pending'], 'releaseAsked', PREVIOUS, 'jedi-task-commando'),
    ...(['scouting', 'running', 'ready', 'assigning', 'defined'] as const).map((s) =>
      row([s], 'releaseAsked', s, 'jedi-task-commando', { note: 'eligible at once' }),
    ),
    row(['done', 'finished', 'failed', 'aborted', 'exhausted'], 'reactivateAsked', 'ready', ['gateway', 'jedi-task-commando']),
    row(['defined', 'assigning', 'ready', 'pending'], 'parentRetried', 'registered', 'jedi-task-commando', {
      note: 'a child waits again for its retried parent',
    }),
  ],
});

export type TaskStatus = StatesOf<typeof taskMachine>;
export const taskStatus = namesOf(taskMachine);
