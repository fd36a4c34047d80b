import { fileURLToPath } from 'node:url';
import { completedDemo, isDemoWanted } from './demo/completed.js';
import { runDemo } from './demo/run-demo.js';
import { type Fleet, type LaunchPlan, launch } from './launch/launcher.js';
import { jobsLeftSentence, jobsUnderWay } from './site/jobs-left.js';

/** Runs a launcher to its end: start, demonstration, then until Ctrl-C. Returns the exit code of the process. */
export async function run(plan: LaunchPlan): Promise<number> {
  const interrupted = interruption();
  plan.say('starting the fleet …');
  const giveUp = new AbortController();
  const started = launch(plan, giveUp.signal);
  const first = await Promise.race([started, interrupted]);
  const fleet = first === 'interrupted' ? undefined : first;
  try {
    if (!fleet) return 0;
    announce(fleet, plan.say);
    const before = await completedDemo(fleet.layout.demonstrated);
    const wanted = isDemoWanted(plan.options, before !== undefined);
    if (before && !wanted && plan.options.demo === undefined)
      plan.say(`The demonstration was completed before, by tasks ${before.tasks.join(' and ')}; --demo runs it again.`);
    const demo = wanted ? await Promise.race([runDemo(fleet, plan.say, giveUp.signal), interrupted]) : undefined;
    if (demo === 'interrupted') return plan.options.exitWhenDone ? 1 : 0;
    if (plan.options.exitWhenDone) return demo ? 0 : 1;
    plan.say('The fleet stays up. Stop it with Ctrl-C.');
    await interrupted;
    return 0;
  } finally {
    plan.say('stopping …');
    const left = fleet && jobsLeftSentence(await jobsUnderWay(fleet.database.url).catch(() => 0));
    if (left) plan.say(left);
    giveUp.abort(); // a start that still goes on ends at its next step and undoes what it did; the demonstration ends
    await (await started.catch(() => undefined))?.stop();
  }
}

function announce({ server, identity, layout }: Fleet, say: (line: string) => void): void {
  const [account] = identity.accounts;
  say('');
  say(`API            ${server}/api/v1  (and ${server}/server/panda)`);
  say(`monitor JSON   ${server}/tasks/?json  and ${server}/job/<PandaID>/`);
  say(`files          ${layout.storage}`);
  say(`logs           ${layout.logs}`);
  say(`sign in as     ${account?.nickname}  password ${account?.password}`);
  say(`panda command  export PANDA_URL_SSL=${server}/server/panda PANDA_AUTH=oidc PANDA_AUTH_VO=wlcg`);
  say(`               node ${fileURLToPath(new URL('../../cli/bin/panda.js', import.meta.url))} login`);
  say('');
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function interruption(): Promise<'interrupted'> {
  return new Promise((resolve) => {
    const stop = () => {
      process.once('SIGINT', () => process.exit(130));
      process.once('SIGTERM', () => process.exit(143));
      resolve('interrupted');
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}
