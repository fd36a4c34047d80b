/**
 * A state word outside its machine is a rule that nobody finds when the machine changes. TypeScript's unions do not prevent it,
 * so we look for literals where they are used as states: compared with, assigned to or listed for something called status or state.
 */
import { describe, expect, it } from '@jest/globals';
import { machines } from '../catalogue/machines.js';
import { isNode, type Node, parse, productionSources, type Source, walk } from './source.js';

/** Where state words may stand as literals, with the reason. */
const WAIVERS: { path: RegExp; reason: string }[] = [
  { path: /\.machine\.ts$/, reason: 'the machines themselves' },
  {
    path: /^libs\/database\/(migrations|src\/(migrations|statements|seeds))\//,
    reason: 'SQL, checked against the machines by the database',
  },
  {
    path: /^libs\/domain\/src\/dataset\/dataset-type\.ts$/,
    reason: 'JEDI_DATASETS.state, what DDM says: no machine of ours moves it',
  },
  { path: /^libs\/bus\/src\/dead-letter\//, reason: 'what became of a dead letter: no object of PanDA' },
  { path: /\/(refine|task-refiner\.agent)\.ts$/, reason: 'what became of a parent task for its children, an own vocabulary' },
  { path: /^libs\/runtime\/src\/health\//, reason: 'phases of our own process' },
];

const NAMED_STATE = /(status|state)(es|s)?$/i;

/** What an expression is called: the last word of `task.status`, `row?.jobstatus`, `this.states`. */
function calledAs(node: unknown): string {
  if (!isNode(node)) return '';
  switch (node.type) {
    case 'Identifier':
    case 'StringLiteral':
    case 'PrivateName':
      return String(node.value ?? '');
    case 'MemberExpression':
      return calledAs(node.property);
    case 'Computed':
    case 'ParenthesisExpression':
    case 'TsNonNullExpression':
    case 'TsAsExpression':
      return calledAs(node.expression);
    case 'OptionalChainingExpression':
      return calledAs(node.base);
    default:
      return '';
  }
}

const isState = (node: unknown): boolean => NAMED_STATE.test(calledAs(node));
const literal = (node: unknown): string | undefined =>
  isNode(node) && node.type === 'StringLiteral' ? String(node.value) : undefined;

function elementsOf(node: unknown): (string | undefined)[] {
  const inner = isNode(node) && ['TsAsExpression', 'TsConstAssertion'].includes(node.type) ? node.expression : node;
  if (!isNode(inner) || inner.type !== 'ArrayExpression') return [];
  return (inner.elements as ({ expression: unknown } | null)[]).map((element) => literal(element?.expression));
}

/** Literals that `node` uses as states. */
function statesUsed(node: Node, ancestors: readonly Node[]): (string | undefined)[] {
  switch (node.type) {
    case 'BinaryExpression':
      if (isState(node.left)) return [literal(node.right)];
      return isState(node.right) ? [literal(node.left)] : [];
    case 'AssignmentExpression':
      return isState(node.left) ? [literal(node.right), ...elementsOf(node.right)] : [];
    case 'KeyValueProperty':
      return isState(node.key) ? [literal(node.value), ...elementsOf(node.value)] : [];
    case 'VariableDeclarator':
      return isState(node.id) ? [literal(node.init), ...elementsOf(node.init)] : [];
    case 'ConditionalExpression': {
      const holder = ancestors.at(-1);
      const target = holder?.type === 'KeyValueProperty' ? holder.key : (holder?.id ?? holder?.left);
      return isState(target) ? [literal(node.consequent), literal(node.alternate)] : [];
    }
    case 'SwitchStatement':
      return isState(node.discriminant) ? (node.cases as { test: unknown }[]).map((one) => literal(one.test)) : [];
    case 'CallExpression':
      return isMembershipTest(node) ? elementsOf((node.callee as Node).object) : [];
    default:
      return [];
  }
}

/** `['a', 'b'].includes(task.status)` */
function isMembershipTest(node: Node): boolean {
  const callee = node.callee;
  const [first] = node.arguments as { expression: unknown }[];
  return (
    isNode(callee) && callee.type === 'MemberExpression' && calledAs(callee.property) === 'includes' && isState(first?.expression)
  );
}

function literalsIn(source: Source, words: ReadonlySet<string>): string[] {
  const found: string[] = [];
  walk(source.tree, (node, ancestors) => {
    for (const word of statesUsed(node, ancestors)) {
      if (word !== undefined && words.has(word)) found.push(`${source.path}:${source.lineOf(node)} '${word}'`);
    }
  });
  return found;
}

describe('state words', () => {
  it('stand only in the machines, in SQL, and where a reason is given', () => {
    const words = new Set(machines().flatMap((one) => one.states));
    const free = productionSources().filter(({ path }) => !WAIVERS.some((waiver) => waiver.path.test(path)));
    expect(free.flatMap((source) => literalsIn(source, words))).toEqual([]);
  });

  it.each([
    ["if (task.status === 'ready') go();", ['ready']],
    ["if ('ready' !== row?.job_status) go();", ['ready']],
    ["switch (job!.jobStatus) { case 'sent': break; case 'odd': break; }", ['sent']],
    ["const row = { status: 'sent', note: 'ready' };", ['sent']],
    ["this.status = done ? 'ready' : 'sent';", ['ready', 'sent']],
    ["const finalStates = ['ready', 'sent'] as const;", ['ready', 'sent']],
    ["['ready', 'sent'].includes(task.status);", ['ready', 'sent']],
    ["log('ready'); const kind = 'sent'; if (response.kind === 'ready') go();", []],
  ])('are found in %s', (text, expected) => {
    const found = literalsIn(parse('x.ts', text), new Set(['ready', 'sent']));
    expect(found).toEqual(expected.map((word) => `x.ts:1 '${word}'`));
  });
});
