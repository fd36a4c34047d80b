import { RE2JS } from 're2js';

/** Longest pattern an operator may write, in characters. */
export const patternMax = 1_024;
/** Longest text a pattern looks at; the rest is cut off, so that no error text can cost time. */
export const subjectMax = 4_096;

/** The pattern cannot be used; the message says why, for the operator who wrote it. */
export class PatternRefused extends Error {
  constructor(
    readonly pattern: string,
    reason: string,
    options?: { cause: unknown },
  ) {
    super(reason, options);
    this.name = 'PatternRefused';
  }
}

/**
 * A regular expression from an operators' table (shares, retry rules), written for Python's `re.match`: it must match at the start
 * of the text, not the whole of it, and a dot matches a line break. It runs in linear time on every text, so back-references and
 * look-around do not exist: a pattern that needs them is refused when it is loaded.
 */
export class OperatorPattern {
  private constructor(
    readonly source: string,
    private readonly compiled: RE2JS,
  ) {}

  /** Throws {@link PatternRefused}. */
  static compile(source: string): OperatorPattern {
    if (source.length > patternMax) throw new PatternRefused(source, `longer than ${patternMax} characters`);
    try {
      return new OperatorPattern(source, RE2JS.compile(fromPython(source), RE2JS.DOTALL));
    } catch (cause) {
      throw new PatternRefused(source, cause instanceof Error ? cause.message : 'not a regular expression', { cause });
    }
  }

  matches(text: string): boolean {
    return this.compiled.matcher(text.slice(0, subjectMax)).lookingAt();
  }
}

/** What Python writes differently, outside and inside character classes. */
const outside = /\\Z|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\[\s\S]|\$|\{,(\d+)\}|\[\^?\]?/g;
const inside = /\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\[\s\S]|\[|\]/g;

/**
 * Rewrites Python's syntax to RE2's: `\Z` is the very end, `$` is the end or before a last line break, `{,n}` counts from zero,
 * `\uXXXX` is a character, and `[` inside a class is a plain character.
 */
export function fromPython(source: string): string {
  let out = '';
  let at = 0;
  let inClass = false;
  while (at < source.length) {
    const pattern: RegExp = inClass ? inside : outside;
    pattern.lastIndex = at;
    const found: RegExpExecArray | null = pattern.exec(source);
    if (found === null) break;
    const token = found[0];
    out += source.slice(at, found.index);
    at = found.index + token.length;
    if (inClass) {
      out += token === '[' ? '\\[' : rewriteEscape(token);
      inClass = token !== ']';
    } else {
      inClass = token.startsWith('[');
      out += rewriteOutside(token, found[1]);
    }
  }
  return out + source.slice(at);
}

function rewriteOutside(token: string, upTo: string | undefined): string {
  if (upTo !== undefined) return `{0,${upTo}}`;
  if (token === '$') return '(?:\\n?\\z)';
  if (token === '\\Z') return '\\z';
  // A `]` right after the opening is a plain character in Python and in RE2.
  return token.startsWith('[') ? token.replace(']', '\\]') : rewriteEscape(token);
}

function rewriteEscape(token: string): string {
  return /^\\[uU]/.test(token) ? `\\x{${token.slice(2)}}` : token;
}
