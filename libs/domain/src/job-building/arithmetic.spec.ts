import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluateFormula, FormulaError, pythonNumber } from './arithmetic.js';

describe('formulas of file placeholders', () => {
  it.each([
    ['#+1', '5', '6'],
    ['# * 100 + 1', '000012', '1201'],
    ['4/2', '0', '2.0'],
    ['7//2', '0', '3'],
    ['-7//2', '0', '-4'],
    ['-7%3', '0', '2'],
    ['7%-3', '0', '-2'],
    ['7.5//2', '0', '3.0'],
    ['2**10', '0', '1024'],
    ['-2**2', '0', '-4'],
    ['2**-1', '0', '0.5'],
    ['2**3**2', '0', '512'],
    ['(#-1)*(#+1)', '7', '48'],
    ['1-2-3', '0', '-4'],
    ['.5+1.', '0', '1.5'],
    ['2**64', '0', '18446744073709551616'],
    ['1e16*1', '0', '1e+16'],
    ['1/100000', '0', '1e-05'],
  ])('%s with # = %s is %s, as Python prints it', (formula, hash, expected) => {
    expect(evaluateFormula(formula, hash)).toBe(expected);
  });

  it.each([
    ['9**9**9', 'exponent above 64'],
    ['10**60*10**60*10**60*10**60*10**60*10**60', 'out of bounds'],
    ["__import__('os')", 'is not a number'],
    ['#.real', 'is not expected'],
    ['f(1)', 'is not a number'],
    ['1/0', 'division by zero'],
    ['(1', 'not closed'],
    ['1+', 'ends too early'],
    ['', 'ends too early'],
    ['1;2', 'is not expected'],
    [`1${'+1'.repeat(200)}`, 'longer than 256'],
  ])('refuses %s', (formula, why) => {
    expect(() => evaluateFormula(formula, '1')).toThrow(FormulaError);
    expect(() => evaluateFormula(formula, '1')).toThrow(why);
  });

  it('refuses a file whose name is no number', () => {
    expect(() => evaluateFormula('#+1', 'data.root')).toThrow("'data.root' is not a number");
  });

  it('computes integers exactly, whatever their size', () => {
    const integer = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        expect(evaluateFormula(`(${a})*(${b})-(${a})`, '0')).toBe(String(a * b - a));
      }),
    );
  });

  it('floor division and remainder belong together', () => {
    const integer = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(
        integer,
        integer.filter((b) => b !== 0),
        (a, b) => {
          const [q, r] = [evaluateFormula(`(${a})//(${b})`, '0'), evaluateFormula(`(${a})%(${b})`, '0')].map(Number) as [
            number,
            number,
          ];
          expect(q * b + r).toBe(a);
          expect(Math.abs(r)).toBeLessThan(Math.abs(b));
        },
      ),
    );
  });

  it('never throws anything but its own error', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[-+*/%()#0-9.e a-z_]{0,40}$/), (formula) => {
        try {
          evaluateFormula(formula, '3');
        } catch (error) {
          expect(error).toBeInstanceOf(FormulaError);
        }
      }),
    );
  });

  it.each([
    [0.1, '0.1'],
    [1e15, '1000000000000000.0'],
    [1.5e300, '1.5e+300'],
    [0.0001, '0.0001'],
    [-0, '-0.0'],
  ])('prints %d as %s', (value, text) => {
    expect(pythonNumber(value)).toBe(text);
  });
});
