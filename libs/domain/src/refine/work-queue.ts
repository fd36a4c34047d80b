import { matchesWildcard } from '../queue/wildcard.js';
import type { ParameterFault } from './validation.js';

/** A row of `jedi_work_queue`. Global-share pseudo queues are not among them: refinement tags shares separately. */
export interface WorkQueue {
  readonly queueId: number;
  readonly name: string;
  readonly type: string;
  readonly vo: string;
  readonly order: number | null;
  readonly isActive: boolean;
  /** A condition over the task's attributes, e.g. `processingType IN (:p1,:p2) AND coreCount > 1`; empty matches everything. */
  readonly criteria: string | null;
  /** `name:value` pairs for the `:name` words of the criteria; `%` in a value is a wildcard. */
  readonly variables: string | null;
}

type Value = string | number | null;
export type WorkQueueAttributes = Readonly<Record<string, Value>>;

/** The work queue named by the task, else the first one (by order, then id) whose criteria hold; undefined = none. */
export function workQueueFor(
  queues: readonly WorkQueue[],
  task: { vo: string; prodSourceLabel: string; workQueueName?: string | null },
  attributes: WorkQueueAttributes,
): WorkQueue | undefined {
  const mine = queues
    .filter((q) => takes(q.vo, task.vo) && takes(q.type, task.prodSourceLabel))
    .sort((a, b) => Number(a.vo === ANY) - Number(b.vo === ANY) || rank(a) - rank(b) || a.queueId - b.queueId);
  const named = mine.find((q) => q.name === task.workQueueName);
  return named ?? mine.find((q) => q.isActive && criteriaHold(q, attributes));
}

const ANY = 'any';
const takes = (served: string, asked: string) => served === asked || served === ANY;

/**
 * What makes a task hopeless before its attributes are known: no work queue is for its VO, or for its label; null when there is one.
 * A queue that is not active serves only tasks that name it.
 */
export function unserved(
  queues: readonly WorkQueue[],
  task: { vo: string; prodSourceLabel: string; workQueueName?: string | null },
): ParameterFault | null {
  const open = queues.filter((q) => q.isActive || q.name === task.workQueueName);
  const ofVo = open.filter((q) => takes(q.vo, task.vo));
  if (ofVo.length === 0) return { key: 'vo', reason: `"${task.vo}" is unknown: this server works for ${listed(open, 'vo')}` };
  if (ofVo.some((q) => takes(q.type, task.prodSourceLabel))) return null;
  const reason = `"${task.prodSourceLabel}" is unknown: tasks of ${task.vo} have ${listed(ofVo, 'type')}`;
  return { key: 'prodSourceLabel', reason };
}

const listed = (queues: readonly WorkQueue[], key: 'vo' | 'type') =>
  [...new Set(queues.map((q) => q[key]))].sort().join(', ') || 'none';

const rank = (queue: WorkQueue) => queue.order ?? Number.MAX_SAFE_INTEGER;

/** Whether the criteria of a queue hold; a text that is not in the grammar never holds, it is never evaluated as code. */
export function criteriaHold(queue: Pick<WorkQueue, 'criteria' | 'variables'>, attributes: WorkQueueAttributes): boolean {
  const text = (queue.criteria ?? '').trim();
  if (text === '') return true;
  const variables = new Map((queue.variables ?? '').split(',').map((pair) => splitOnce(pair.trim())));
  const lowered = new Map(Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), value]));
  const tokens = text.match(/:?[A-Za-z_]\w*|'[^']*'|-?\d+|<>|!=|<=|>=|[=<>(),]|\S/g) ?? [];
  const parser = new Criteria(tokens, variables, lowered);
  return parser.whole() ?? false;
}

function splitOnce(pair: string): [string, string] {
  const at = pair.indexOf(':');
  return at < 0 ? ['', ''] : [`:${pair.slice(0, at).trim()}`, pair.slice(at + 1).trim()];
}

/** Grammar: or := and (OR and)* · and := not (AND not)* · not := NOT not | '(' or ')' | comparison. Undefined = not in the grammar. */
class Criteria {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly variables: ReadonlyMap<string, string>,
    private readonly attributes: ReadonlyMap<string, Value>,
  ) {}

  whole(): boolean | undefined {
    const result = this.or();
    return this.at === this.tokens.length ? result : undefined;
  }

  private or(): boolean | undefined {
    let left = this.and();
    while (left !== undefined && this.takes('OR')) {
      const right = this.and();
      left = right === undefined ? undefined : left || right;
    }
    return left;
  }

  private and(): boolean | undefined {
    let left = this.not();
    while (left !== undefined && this.takes('AND')) {
      const right = this.not();
      left = right === undefined ? undefined : left && right;
    }
    return left;
  }

  private not(): boolean | undefined {
    if (this.takes('NOT')) {
      const inner = this.not();
      return inner === undefined ? undefined : !inner;
    }
    if (this.takes('(')) {
      const inner = this.or();
      return this.takes(')') ? inner : undefined;
    }
    return this.comparison();
  }

  private comparison(): boolean | undefined {
    const left = this.attributes.get((this.next() ?? '').toLowerCase());
    if (left === undefined) return undefined;
    if (this.takes('IS')) {
      const negated = this.takes('NOT');
      return this.takes('NULL') ? (left === null) !== negated : undefined;
    }
    const negated = this.takes('NOT');
    if (this.takes('IN')) return holds(this.list()?.includes(String(left)), negated);
    const operator = (this.next() ?? '').toUpperCase();
    const right = this.value();
    if (right === undefined) return undefined;
    return holds(compare(left, operator, right), negated);
  }

  private list(): string[] | undefined {
    if (!this.takes('(')) return undefined;
    const values: string[] = [];
    do {
      const value = this.value();
      if (value === undefined) return undefined;
      values.push(value);
    } while (this.takes(','));
    return this.takes(')') ? values : undefined;
  }

  private value(): string | undefined {
    const token = this.next();
    if (token === undefined) return undefined;
    if (token.startsWith(':')) return this.variables.get(token);
    if (token.startsWith("'")) return token.slice(1, -1);
    return /^-?\d+$/.test(token) ? token : undefined;
  }

  private next(): string | undefined {
    return this.tokens[this.at++];
  }

  private takes(word: string): boolean {
    if (this.tokens[this.at]?.toUpperCase() !== word) return false;
    this.at += 1;
    return true;
  }
}

const holds = (result: boolean | undefined, negated: boolean) => (result === undefined ? undefined : result !== negated);

function compare(left: Value, operator: string, right: string): boolean | undefined {
  switch (operator) {
    case '=':
      return String(left) === right;
    case '<>':
    case '!=':
      return String(left) !== right;
    case 'LIKE':
      return left !== null && matchesWildcard(right.replaceAll('%', '*').toLowerCase(), String(left).toLowerCase());
    case '<':
      return left !== null && Number(left) < Number(right);
    case '>':
      return left !== null && Number(left) > Number(right);
    case '<=':
      return left !== null && Number(left) <= Number(right);
    case '>=':
      return left !== null && Number(left) >= Number(right);
    default:
      return undefined;
  }
}
