import { describe, expect, test } from 'vitest';
import { bimixFit, transferFit } from '../../test/fitted-laws.ts';
import { randomMixture, randomNumbers } from '../../test/random-objective.ts';
import { BimixError } from '../errors/index.ts';
import { predictLosses } from '../laws/index.ts';
import { makeMixture } from '../mixture/index.ts';
import { budgetPath } from './budget-path.ts';
import type { OptimizeOptions } from './mixture-problem.ts';
import { proposeMixture } from './optimize-mixture.ts';

const shape = { E: 0.2, C: 1, alpha: 0.3, B: 0.5, beta: 0.4, rho: 0.7, sigma: 0.8 };
const transfer = transferFit(
  ['web', 'code', 'books'],
  [
    { target: 'web', own: 'web', ...shape, C: 2, t: { code: 0.02, books: 0.2 } },
    { target: 'code', own: 'code', ...shape, t: { web: 0.05, books: 0.01 } },
    { target: 'qa', own: null, ...shape, t: { web: 0.5, code: 0.1, books: 0.6 } },
  ],
);
const bimix = bimixFit({ web: [2.5, 0.08, 0.6, 0.3], code: [1.0, 0.2, 0.5, 0.5], books: [2.8, 0.06, 0.4, 0.4] });
const volume = { unit: 'tokens', value: 10e9 } as const;
const reference = { name: 'v1', mixture: makeMixture({ web: 0.8, code: 0.1, books: 0.1 }) };

function errorOf(run: () => unknown): BimixError {
  try {
    run();
  } catch (error) {
    if (error instanceof BimixError) return error;
  }
  throw new Error('no BimixError was thrown');
}

describe.each([
  ['bimix', bimix],
  ['bimix-transfer', transfer],
])('an optimum of %s under targets', (_, fitted) => {
  const free = proposeMixture(fitted, { volume, reference });

  test('keeps every loss within 1 % of the reference', () => {
    const { targets, losses, gap, objective } = proposeMixture(fitted, { volume, reference, noWorse: 0.01 });
    expect(targets.map(({ target }) => target)).toEqual(Object.keys(losses));
    for (const { target, ceiling, from, loss } of targets) {
      expect(ceiling).toBeCloseTo(1.01 * free.reference.losses[target], 12);
      expect(loss).toBeLessThanOrEqual(ceiling * (1 + 1e-6));
      expect(loss).toBe(losses[target]);
      expect(from).toBe('reference');
    }
    expect(free.losses.web).toBeGreaterThan(1.01 * free.reference.losses.web);
    expect(targets[0].multiplier).toBeGreaterThan(0);
    expect(targets[1].multiplier).toBe(0);
    expect(gap).toBeLessThan(1e-8);
    expect(objective).toBeGreaterThan(free.objective);
    expect(objective).toBeLessThan(free.reference.objective);
  });

  test('is the unconstrained one, by the same method, where nothing binds', () => {
    const easy = proposeMixture(fitted, { volume, reference, targets: { web: 9, code: 9 } });
    expect(easy.targets.map(({ multiplier }) => multiplier)).toEqual([0, 0]);
    const { freedom, warnings, ...known } = free;
    expect(easy).toMatchObject({ ...known, targets: easy.targets });
    for (const [domain, { from, to }] of Object.entries(freedom)) {
      expect(easy.freedom[domain].from).toBeCloseTo(from, 5);
      expect(easy.freedom[domain].to).toBeCloseTo(to, 5);
    }
    expect(easy.warnings.map(({ code }) => code)).toEqual(warnings.map(({ code }) => code));
  });

  test('gains by a looser target at most what its multiplier says, and nearly that', () => {
    const at = (code: number): ReturnType<typeof proposeMixture> =>
      proposeMixture(fitted, { volume, reference, targets: { code } });
    const ceiling = free.losses.code * 0.97;
    const tight = at(ceiling);
    const looser = at(ceiling * 1.001);
    const [{ worthOfOnePercent, from }] = tight.targets;
    const gained = tight.objective - looser.objective;
    expect(from).toBe('target');
    expect(gained).toBeLessThanOrEqual(0.1 * worthOfOnePercent * (1 + 1e-6));
    expect(gained).toBeGreaterThan(0.08 * worthOfOnePercent);
  });

  test('takes a reference that cannot be bettered as its own answer', () => {
    const mixture = makeMixture(free.mixture);
    const held = proposeMixture(fitted, { volume, reference: { name: 'best', mixture }, noWorse: 0 });
    for (const domain of fitted.trainingDomains) expect(held.mixture[domain]).toBeCloseTo(free.mixture[domain], 3);
  });

  test('has the freedom of mixtures that meet the targets too', () => {
    const options: OptimizeOptions = { volume, reference, noWorse: 0.01 };
    const { mixture, freedom, objective, targets } = proposeMixture(fitted, options);
    const random = randomNumbers(7);
    let within = 0;
    for (let trial = 0; trial < 3000; trial++) {
      const along = 0.2 * random() ** 2;
      const other = randomMixture(3, random);
      const r = other.map((share, j) => mixture[fitted.trainingDomains[j]] * (1 - along) + along * share);
      const losses = predictLosses(fitted, r, 10e9);
      const mean = Object.values(losses).reduce((sum, loss) => sum + loss, 0) / 3;
      if (mean > objective * 1.001 || targets.some(({ target, ceiling }) => losses[target] > ceiling)) continue;
      within++;
      fitted.trainingDomains.forEach((domain, j) => {
        expect(r[j]).toBeGreaterThanOrEqual(freedom[domain].from - 1e-9);
        expect(r[j]).toBeLessThanOrEqual(freedom[domain].to + 1e-9);
      });
    }
    expect(within).toBeGreaterThan(10);
    expect(freedom.web.to - freedom.web.from).toBeLessThan(free.freedom.web.to - free.freedom.web.from);
  });

  test('has a freedom whose ends some allowed mixture reaches and none passes', () => {
    const options: OptimizeOptions = { volume, reference, noWorse: 0.01 };
    const { freedom, objective } = proposeMixture(fitted, options);
    const isWithin = (domain: string, share: number): boolean => {
      try {
        const fixed = proposeMixture(fitted, { ...options, bounds: { [domain]: { lower: share, upper: share } } });
        return fixed.objective <= objective * 1.001;
      } catch {
        return false;
      }
    };
    for (const [domain, { from, to }] of Object.entries(freedom)) {
      const width = to - from;
      expect([from + 0.01 * width, to - 0.01 * width].map(share => isWithin(domain, share))).toEqual([true, true]);
      expect([from - 0.01 * width, to + 0.01 * width].map(share => isWithin(domain, share))).toEqual([false, false]);
    }
  });

  test('holds along the budget path', () => {
    const { points } = budgetPath(fitted, 'tokens', [5e9, 20e9], { reference, noWorse: 0.01 });
    for (const { volume: tokens, losses, gap } of points) {
      const atReference = predictLosses(fitted, Float64Array.of(0.8, 0.1, 0.1), tokens);
      for (const [target, loss] of Object.entries(losses)) {
        expect(loss).toBeLessThanOrEqual(atReference[target] * 1.01 * (1 + 1e-6));
      }
      expect(gap).toBeLessThan(1e-8);
    }
  });
});

test('of a target of its own and the reference the tighter counts', () => {
  const plain = proposeMixture(transfer, { volume, reference }).reference.losses;
  const { targets } = proposeMixture(transfer, {
    ...{ volume, reference, noWorse: 0.01 },
    targets: { web: plain.web * 1.005, code: plain.code * 1.2 },
  });
  expect(targets.map(({ from }) => from)).toEqual(['target', 'reference', 'reference']);
});

describe('targets that cannot be met', () => {
  test('by themselves: the error says how near one can come', () => {
    const error = errorOf(() => proposeMixture(transfer, { volume, targets: { code: 1.2 } }));
    expect(error.code).toBe('invalid-targets');
    const least = predictLosses(transfer, Float64Array.of(0, 1, 0), 10e9).code;
    expect(error.message).toContain('no allowed mixture brings "code" to 1.2 nats per token');
    expect(Number(/the least it can have is ([\d.]+)/.exec(error.message)?.[1])).toBeCloseTo(least, 2);
    expect(error.hint).toMatch(/^Ask for \d\.\d+ or more/);
    const asked = Number(/Ask for ([\d.]+)/.exec(error.hint)?.[1]);
    expect(() => proposeMixture(transfer, { volume, targets: { code: asked } })).not.toThrow();
  });

  test('together: the error names them, and what would do does', () => {
    const least = { web: 2.9, code: 1.9 };
    const error = errorOf(() => proposeMixture(transfer, { volume, targets: least }));
    expect(error.code).toBe('invalid-targets');
    expect(error.message).toContain('"web" (2.9) and "code" (1.9) together');
    const missing = Number(/Loosen them by ([\d.]+) %/.exec(error.hint)?.[1]);
    const looser = (by: number): OptimizeOptions => ({
      volume,
      targets: { web: least.web * (1 + by / 100), code: least.code * (1 + by / 100) },
    });
    expect(() => proposeMixture(transfer, looser(missing * 1.05))).not.toThrow();
    expect(errorOf(() => proposeMixture(transfer, looser(missing * 0.9))).code).toBe('invalid-targets');
  });

  test('because of bounds: the least is that within them', () => {
    const options = { volume, bounds: { code: { upper: 0.1 } }, targets: { code: 2 } };
    expect(errorOf(() => proposeMixture(transfer, options)).message).toContain('no allowed mixture brings "code"');
    expect(() => proposeMixture(transfer, { ...options, bounds: {} })).not.toThrow();
  });
});

test.each([
  [{ targets: { codes: 2 } }, 'unknown-domain'],
  [{ targets: { code: 0 } }, 'invalid-targets'],
  [{ targets: { code: Number.NaN } }, 'invalid-targets'],
  [{ noWorse: -0.1 }, 'invalid-targets'],
])('%o is refused', (options, code) => {
  expect(errorOf(() => proposeMixture(transfer, { volume, ...options })).code).toBe(code);
});
