import { describe, expect, test } from 'vitest';
import { BimixError } from '../errors/index.ts';
import { type ConstraintOptions, makeConstraints } from './constraints.ts';

const DOMAINS = ['web', 'code', 'books'];

function errorOf(options: ConstraintOptions): BimixError {
  try {
    makeConstraints(DOMAINS, options);
  } catch (error) {
    if (error instanceof BimixError) return error;
  }
  throw new Error('no BimixError was thrown');
}

describe('constraints', () => {
  test('default to the whole simplex', () => {
    const { lower, upper, upperFrom } = makeConstraints(DOMAINS);
    expect([...lower]).toEqual([0, 0, 0]);
    expect([...upper]).toEqual([1, 1, 1]);
    expect(upperFrom).toEqual(['none', 'none', 'none']);
  });

  test('take the tighter of law, bounds and tokens available, and remember which', () => {
    const { lower, upper, upperFrom } = makeConstraints(DOMAINS, {
      smallestShare: 0.001,
      bounds: { web: { lower: 0.2 }, code: { upper: 0.3 }, books: { upper: 0.25 } },
      tokensAvailable: { code: 10e9, books: 5e9 },
      maxEpochs: 4,
      tokenBudget: 100e9,
    });
    expect([...lower]).toEqual([0.2, 0.001, 0.001]);
    expect([...upper]).toEqual([1, 0.3, 0.2]);
    expect(upperFrom).toEqual(['none', 'upper', 'tokens available']);
  });

  test('leave out a domain without tokens, whatever the epochs', () => {
    const { upper, upperFrom } = makeConstraints(DOMAINS, { tokensAvailable: { code: 0, web: 1e9 } });
    expect([...upper]).toEqual([1, 0, 1]);
    expect(upperFrom[1]).toBe('tokens available');
  });

  test('take an upper bound of what the tokens exactly allow', () => {
    expect(() =>
      makeConstraints(['a', 'b'], { tokensAvailable: { a: 1e9, b: 2e9 }, maxEpochs: 1, tokenBudget: 3e9 }),
    ).not.toThrow();
  });
});

describe('infeasible constraints are explained', () => {
  test('when one domain has no share left: its lower bound against its tokens', () => {
    const error = errorOf({
      bounds: { code: { lower: 0.3 } },
      tokensAvailable: { code: 3e9 },
      maxEpochs: 4,
      tokenBudget: 100e9,
    });
    expect(error.code).toBe('invalid-bounds');
    expect(error.message).toBe(
      'invalid bounds: no share of "code" is allowed: its lower bound is 0.3, 3B tokens x 4 epochs are at most 0.12 of 100B',
    );
    expect(error.hint).toBe('Lower its lower bound, allow more epochs, or lower the budget.');
  });

  test('when a bound excludes what the law cannot', () => {
    const error = errorOf({ smallestShare: 0.001, law: 'bimix', bounds: { code: { upper: 0 } } });
    expect(error.message).toBe(
      'invalid bounds: no share of "code" is allowed: bimix allows no share below 0.001, its upper bound is 0',
    );
    expect(error.hint).toContain('bimix-transfer');
  });

  test('when upper bounds fall short of 1, with how much and which', () => {
    const error = errorOf({ bounds: { web: { upper: 0.5 }, code: { upper: 0.2 }, books: { upper: 0.13 } } });
    expect(error.message).toBe(
      'invalid bounds: the largest shares allowed sum to 0.83, 0.17 short of 1 (web 0.5, code 0.2, books 0.13)',
    );
  });

  test('when lower bounds exceed 1, with how much and which', () => {
    const error = errorOf({ bounds: { web: { lower: 0.9 }, code: { lower: 0.3 } } });
    expect(error.message).toBe(
      'invalid bounds: the smallest shares allowed sum to 1.2, 0.2 above 1 (web 0.9, code 0.3, books 0)',
    );
  });

  test('when tokens run out, with the budget and the epochs that would do', () => {
    const error = errorOf({
      tokensAvailable: { web: 50e9, code: 20e9, books: 13e9 },
      maxEpochs: 1,
      tokenBudget: 100e9,
    });
    expect(error.message).toBe(
      'invalid bounds: tokens available x 1 epochs and the largest shares allowed cover 83B of 100B tokens: the shares sum to 0.83, 0.17 short of 1 (3 of 3 domains limited by their tokens)',
    );
    expect(error.hint).toBe('Lower the budget to 83B tokens, or allow 1.21 epochs.');
  });

  test('and the way out it names does work', () => {
    const options = {
      bounds: { web: { upper: 0.45 } },
      tokensAvailable: { code: 20e9, books: 13e9 },
      maxEpochs: 1.5,
      tokenBudget: 150e9,
    };
    const [, budget, epochs] =
      /budget to ([0-9.]+)B tokens, or allow ([0-9.]+) epochs/.exec(errorOf(options).hint) ?? [];
    expect(() => makeConstraints(DOMAINS, { ...options, tokenBudget: Number(budget) * 1e9 })).not.toThrow();
    expect(() => makeConstraints(DOMAINS, { ...options, maxEpochs: Number(epochs) })).not.toThrow();
    expect(() => makeConstraints(DOMAINS, { ...options, tokenBudget: Number(budget) * 1.01e9 })).toThrow();
    expect(() => makeConstraints(DOMAINS, { ...options, maxEpochs: Number(epochs) - 0.02 })).toThrow();
  });

  test('when no budget would do, because of upper bounds beside scarce tokens', () => {
    const error = errorOf({
      bounds: { web: { upper: 0.4 }, code: { upper: 0.3 } },
      tokensAvailable: { books: 0, web: 10e9 },
      maxEpochs: 1,
      tokenBudget: 100e9,
    });
    expect(error.hint).toBe('Raise some upper bounds.');
  });
});

describe('wrong wishes', () => {
  test('name the domain and the nearest known one', () => {
    const error = errorOf({ bounds: { cods: { upper: 0.3 } } });
    expect(error.message).toBe('unknown domain "cods" in the bounds');
    expect(error.hint).toBe('Did you mean "code"?');
    expect(errorOf({ tokensAvailable: { cod: 1 } }).message).toBe('unknown domain "cod" in the available tokens');
  });

  test('say the share, tokens or epochs that cannot be', () => {
    expect(errorOf({ bounds: { web: { upper: 1.5 } } }).message).toBe(
      'invalid bounds: the upper share of "web" is 1.5, expected 0 to 1',
    );
    expect(errorOf({ bounds: { web: { lower: Number.NaN } } }).code).toBe('invalid-bounds');
    expect(errorOf({ tokensAvailable: { web: -1 } }).code).toBe('invalid-tokens-available');
    expect(errorOf({ tokensAvailable: { web: 1 }, maxEpochs: 0, tokenBudget: 1 }).code).toBe('invalid-epochs');
  });

  test('ask for the tokens and the budget that a limit on epochs needs', () => {
    expect(errorOf({ maxEpochs: 4, tokenBudget: 1e9 }).code).toBe('missing-tokens-available');
    expect(errorOf({ maxEpochs: 4, tokensAvailable: { web: 1e9 } }).code).toBe('missing-token-budget');
  });
});
