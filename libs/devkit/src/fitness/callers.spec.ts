/**
 * A rule that nobody calls is as good as absent, however well it is tested: each function that the domain exports is reached from a service,
 * a plug-in, a statement a tool or a builder of tests. Names stand for functions here: one word means one thing throughout.
 */
import { describe, expect, it } from '@jest/globals';
import { sources as allSources, isNode, isTest, type Node, walk } from './source.js';

/** Functions without a caller, with the reason. The list only shrinks. */
const EXCEPTIONS = new Map<string, string>([
  ...because('JEDI watchdogs that are not wired yet: throttling of failing tasks, task withholder, queue filler, jumbo', [
    ...['mustThrottleTask', 'throttleMinutes'],
    ...['isBusyQueue', 'tasksToWithhold'],
    ...['jobsToFill', 'preassign', 'whyNotFilled'],
    ...['judgeJumbo', 'jumboSettings'],
  ]),
  ...because('no job broker of analysis is built: its weight needs a day of pilots and running jobs per queue', [
    'analysisWeight',
    'dataFactor',
  ]),
  ...because('what would happen if: design §7 keeps the door open, no service asks yet', [
    ...['brokerIf', 'explainJobs', 'nearestQueues', 'runnableQueues'],
  ]),
  ...because('waiting reasons as a closed enum: the gateway explains tasks with severities of its own', [
    ...['mostSevere', 'reasonOfStatus', 'severityOf'],
  ]),
  ...because('statements do the same on sets; the functions are the model that tests compare them with', [
    ...['afterUnsuccessfulAttempt', 'counterDelta', 'eventStatusOf', 'instantiatedType', 'recount', 'sumOfCounts'],
  ]),
  ...because('tests compare the migrations with it', ['checkClause']),
  ...because('not asked for so far', [
    ...[
      'eventsIn',
      'inconsistentFiles',
      'isAvalancheAsked',
      'isDeftStatus',
      'mayFollow',
      'mustRegisterDatasets',
      'rankOfUnknown',
    ],
  ]),
]);

function because(reason: string, names: readonly string[]): [name: string, reason: string][] {
  return names.map((name) => [name, reason]);
}

const isDomain = (path: string) => path.startsWith('libs/domain/src/') && !path.startsWith('libs/domain/src/test-builders/');

/** Every word that stands for a value or a type below a node. */
function wordsOf(node: Node): Set<string> {
  const words = new Set<string>();
  walk(node, ({ type, value }) => {
    if (type === 'Identifier') words.add(String(value));
  });
  return words;
}

interface Declaration {
  readonly names: readonly string[];
  readonly isExportedFunction: boolean;
  readonly words: ReadonlySet<string>;
}

/** Top-level declarations of a file. */
function declarationsOf(tree: Node): Declaration[] {
  return (tree.body as Node[]).flatMap((statement): Declaration[] => {
    const isExported = statement.type === 'ExportDeclaration';
    const declaration = isExported ? (statement.declaration as Node) : statement;
    const words = wordsOf(declaration);
    if (declaration.type === 'VariableDeclaration') {
      const names = (declaration.declarations as { id: Node }[]).flatMap(({ id }) => [...wordsOf(id)]);
      return [{ names, isExportedFunction: false, words }];
    }
    const name = isNode(declaration.identifier) ? declaration.identifier : declaration.id;
    if (!isNode(name)) return [];
    return [{ names: [String(name.value)], isExportedFunction: isExported && declaration.type === 'FunctionDeclaration', words }];
  });
}

describe('every exported decision has a caller', () => {
  const sources = allSources().filter(({ path }) => !isTest(path));
  const declarations = sources.filter(({ path }) => isDomain(path)).flatMap(({ tree }) => declarationsOf(tree));
  const reached = new Set<Declaration>();
  const pending = sources.filter(({ path }) => !path.startsWith('libs/domain/')).map(({ tree }) => wordsOf(tree));
  for (let words = pending.pop(); words; words = pending.pop()) {
    for (const declaration of declarations) {
      if (reached.has(declaration) || !declaration.names.some((name) => words?.has(name))) continue;
      reached.add(declaration);
      pending.push(new Set(declaration.words));
    }
  }
  const uncalled = declarations
    .filter((declaration) => declaration.isExportedFunction && !reached.has(declaration))
    .flatMap(({ names }) => names)
    .toSorted();

  it('functions of the domain are reached from outside it', () => {
    expect(uncalled.filter((name) => !EXCEPTIONS.has(name))).toEqual([]);
  });

  it('no exception outlives its reason', () => {
    expect([...EXCEPTIONS.keys()].filter((name) => !uncalled.includes(name))).toEqual([]);
  });
});
