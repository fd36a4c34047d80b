/**
 * Formulas of `${STREAM/M[…]}`: numbers, `#` (the number of the file), `+ - * / // % **`, parentheses and unary minus, with Python's
 * meaning and number format, so that old formulas print what they always printed. User text is parsed, never evaluated as code.
 */
const MAX_LENGTH = 256;
const MAX_EXPONENT = 64n;
const MAX_INTEGER = 10n ** 300n;
const MAX_FLOAT = 1e300;

/** Thrown for what is no formula or leaves the bounds; the task is broken with this message. */
export class FormulaError extends Error {
  constructor(formula: string, why: string) {
    super(`formula '${formula.slice(0, 60)}': ${why}`);
    this.name = 'FormulaError';
  }
}

type Numeric = bigint | number;

/** The value of a formula as Python would print it. Throws FormulaError. */
export function evaluateFormula(formula: string, hash: string): string {
  if (formula.length > MAX_LENGTH) throw new FormulaError(formula, `longer than ${MAX_LENGTH} characters`);
  return pythonNumber(new Formula(formula, hash).value());
}

class Formula {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(
    private readonly formula: string,
    private readonly hash: string,
  ) {
    this.tokens = formula.match(/\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\*\*|\/\/|[-+*/%()#]|\S/g) ?? [];
  }

  value(): Numeric {
    const result = this.sum();
    if (this.at < this.tokens.length) this.fail(`'${this.tokens[this.at]}' is not expected`);
    return result;
  }

  private sum(): Numeric {
    let left = this.product();
    for (;;) {
      if (this.takes('+')) left = this.apply('+', left, this.product());
      else if (this.takes('-')) left = this.apply('-', left, this.product());
      else return left;
    }
  }

  private product(): Numeric {
    let left = this.unary();
    for (;;) {
      const operator = ['*', '//', '/', '%'].find((candidate) => this.takes(candidate));
      if (operator === undefined) return left;
      left = this.apply(operator, left, this.unary());
    }
  }

  private unary(): Numeric {
    if (this.takes('-')) return this.apply('-', 0n, this.unary());
    if (this.takes('+')) return this.unary();
    return this.power();
  }

  private power(): Numeric {
    const base = this.atom();
    return this.takes('**') ? this.apply('**', base, this.unary()) : base;
  }

  private atom(): Numeric {
    const token = this.tokens[this.at++];
    if (token === undefined) return this.fail('ends too early');
    if (token === '(') {
      const inner = this.sum();
      if (!this.takes(')')) this.fail('a parenthesis is not closed');
      return inner;
    }
    return this.number(token === '#' ? this.hash : token);
  }

  private number(text: string): Numeric {
    if (/^\d+$/.test(text)) return this.bounded(BigInt(text));
    if (/^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return this.bounded(Number(text));
    return this.fail(`'${text.slice(0, 40)}' is not a number`);
  }

  private apply(operator: string, left: Numeric, right: Numeric): Numeric {
    if (['/', '//', '%'].includes(operator) && Number(right) === 0) this.fail('division by zero');
    const exact = typeof left === 'bigint' && typeof right === 'bigint';
    if (operator === '**') return this.bounded(this.raised(left, right));
    if (operator === '/') return this.bounded(Number(left) / Number(right));
    return this.bounded(exact ? onIntegers(operator, left, right) : onFloats(operator, Number(left), Number(right)));
  }

  private raised(base: Numeric, exponent: Numeric): Numeric {
    if (Math.abs(Number(exponent)) > Number(MAX_EXPONENT)) this.fail(`exponent above ${MAX_EXPONENT}`);
    if (typeof base === 'bigint' && typeof exponent === 'bigint' && exponent >= 0n) return base ** exponent;
    return Number(base) ** Number(exponent);
  }

  private bounded(value: Numeric): Numeric {
    const size = typeof value === 'bigint' ? (value < 0n ? -value : value) : Math.abs(value);
    const fits = typeof size === 'bigint' ? size <= MAX_INTEGER : size <= MAX_FLOAT;
    return fits ? value : this.fail('result out of bounds');
  }

  private takes(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private fail(why: string): never {
    throw new FormulaError(this.formula, why);
  }
}

/** Python: `//` rounds down and `%` has the sign of the divisor. */
function onIntegers(operator: string, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '%':
      return ((left % right) + right) % right;
    default:
      return (left - (((left % right) + right) % right)) / right;
  }
}

function onFloats(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '%':
      return left - right * Math.floor(left / right);
    default:
      return Math.floor(left / right);
  }
}

/** `4/2` prints `2.0`, 1e16 and above or below 1e-4 in scientific form. */
export function pythonNumber(value: Numeric): string {
  if (typeof value === 'bigint') return value.toString();
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
