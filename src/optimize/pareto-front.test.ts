import { describe, expect, test } from 'vitest';
import { bimixFit, transferFit } from '../../test/fitted-laws.ts';
import { randomMixture, randomNumbers } from '../../test/random-objective.ts';
import type { BimixError } from '../errors/index.ts';
import { predictLosses } from '../laws/index.ts';
import { proposeMixture } from './optimize-mixture.ts';
import { type ParetoFront, paretoFront } from './pareto-front.ts';

const shape = { E: 0.2, C: 1, alpha: 0.3, B: 0.5, beta: 0.4, rho: 0.7, sigma: 0.8 };
const transfer = transferFit(
  ['web', 'code', 'books'],
  [
    { target: 'web', own: 'web', ...shape, C: 2, t: { code: 0.02, books: 0.2 } },
    { target: 'code', own: 'code', ...shape, t: { web: 0.05, books: 0.01 } },
    { target: 'books', own: 'books', ...shape, C: 2.5, t: { web: 0.3, code: 0.01 } },
    { target: 'qa', own: null, ...shape, t: { web: 0.5, code: 0.1, books: 0.6 } },
  ],
);
const bimix = bimixFit({
  web: [2.5, 0.08, 0.6, 0.3],
  code: [1.0, 0.2, 0.5, 0.5],
  books: [2.8, 0.06, 0.4, 0.4],
  qa: [2, 0.1, 0.4, 0.4],
});
const volume = { unit: 'tokens', value: 10e9 } as const;
const groups = { first: ['code'], second: ['web', 'books'] };

const mean = (losses: Readonly<Record<string, number>>, names: readonly string[]): number =>
  names.reduce((sum, name) => sum + losses[name] / names.length, 0);

describe.each([
  ['bimix', bimix],
  ['bimix-transfer', transfer],
])('the front of %s', (_, fitted) => {
  const front = paretoFront(fitted, groups, 9, { volume });

  test('goes from one group’s best to the other’s, each point certified', () => {
    const { points } = front;
    expect(points).toHaveLength(9);
    for (const [i, { gap, mixture, losses, first, second }] of points.entries()) {
      expect(gap).toBeLessThan(1e-9);
      const shares = Float64Array.from(fitted.trainingDomains, domain => mixture[domain]);
      expect(losses).toEqual(predictLosses(fitted, shares, 10e9));
      expect(first).toBeCloseTo(losses.code, 12);
      expect(second).toBeCloseTo(mean(losses, ['web', 'books']), 12);
      if (i === 0) continue;
      expect(first).toBeGreaterThan(points[i - 1].first);
      expect(second).toBeLessThan(points[i - 1].second);
    }
    const best = proposeMixture(fitted, { volume, weights: { code: 1 } }).objective;
    expect(points[0].first - best).toBeLessThan(1e-4 * (points[0].second - points[8].second) * 1.01);
  });

  test('is convex, and its exchange rate is its slope', () => {
    const { points } = front;
    const slopes = points.slice(1).map((point, i) => {
      return (points[i].second - point.second) / (point.first - points[i].first);
    });
    expect(slopes).toEqual([...slopes].sort((a, b) => b - a));
    points.slice(1, -1).forEach(({ exchange }, i) => {
      expect(exchange).toBeLessThan(slopes[i]);
      expect(exchange).toBeGreaterThan(slopes[i + 1]);
    });
    expect([points[0].exchange, points[8].exchange]).toEqual([null, null]);
  });

  test('has its points spread evenly enough', () => {
    const { points } = front;
    const width = points[8].first - points[0].first;
    const height = points[0].second - points[8].second;
    const steps = points.slice(1).map((point, i) => {
      return Math.hypot((point.first - points[i].first) / width, (point.second - points[i].second) / height);
    });
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(6);
  });

  test('has no allowed mixture below it by more than it says', () => {
    const { points, between } = front;
    const random = randomNumbers(3);
    for (let trial = 0; trial < 4000; trial++) {
      const i = Math.floor(random() * points.length);
      const along = random() ** 3;
      const other = randomMixture(fitted.trainingDomains.length, random);
      const r = other.map((share, j) => points[i].mixture[fitted.trainingDomains[j]] * (1 - along) + along * share);
      const losses = predictLosses(fitted, r, 10e9);
      const at = { first: losses.code, second: mean(losses, ['web', 'books']) };
      for (let k = 1; k < points.length; k++) {
        const [a, b] = [points[k - 1], points[k]];
        if (at.first < a.first || at.first > b.first) continue;
        const theta = (b.first - a.first) / (b.first - a.first + a.second - b.second);
        const above = (1 - theta) * (at.first - a.first) + theta * (at.second - a.second);
        expect(above).toBeGreaterThan(-between - 1e-9);
      }
    }
  });

  test('has the reference and the runs behind it', () => {
    for (const { first, second } of [front.reference, ...front.runs]) {
      for (const { weight, gap, ...point } of front.points) {
        const above = (1 - weight) * (first - point.first) + weight * (second - point.second);
        expect(above).toBeGreaterThanOrEqual(-gap - 1e-12);
      }
    }
    expect(front.runs.map(({ run }) => run)).toEqual(fitted.covered.runs);
  });
});

test('the front keeps bounds, targets and repetition, and counts epochs', () => {
  const options = {
    ...{ volume, tokensAvailable: { code: 1e9 }, repeatDecay: 15.4 },
    ...{ bounds: { books: { upper: 0.3 } }, targets: { web: 3.2 } },
  };
  const { points } = paretoFront(transfer, groups, 5, options);
  for (const { mixture, epochs, losses, gap } of points) {
    expect(mixture.books).toBeLessThanOrEqual(0.3 + 1e-12);
    expect(losses.web).toBeLessThanOrEqual(3.2 * (1 + 1e-6));
    expect(epochs).toEqual({ web: null, books: null, code: (mixture.code * 10e9) / 1e9 });
    expect(gap).toBeLessThan(1e-8);
  }
});

test('domains of neither group are named', () => {
  const { warnings } = paretoFront(transfer, groups, 2, { volume });
  expect(warnings.map(({ message }) => message).join()).toContain('no weight on the loss of qa');
});

test('weights count within a group', () => {
  const front = paretoFront(transfer, groups, 2, { volume, weights: { code: 5, web: 3, books: 1 } });
  const [{ losses, second }] = front.points;
  expect(second).toBeCloseTo((3 * losses.web + losses.books) / 4, 12);
});

test('groups that agree in one mixture are a front of one point', () => {
  const bounds = { web: { lower: 0.5, upper: 0.5 }, code: { lower: 0.2, upper: 0.2 } };
  const front: ParetoFront = paretoFront(transfer, groups, 5, { volume, bounds });
  expect(front.points).toHaveLength(1);
  expect(front.between).toBe(0);
});

test.each([
  [{ first: ['code'], second: ['code', 'web'] }, 'invalid-groups'],
  [{ first: [], second: ['web'] }, 'invalid-groups'],
  [{ first: ['coed'], second: ['web'] }, 'unknown-domain'],
])('%o is refused', (wrong, code) => {
  try {
    paretoFront(transfer, wrong, 5, { volume });
    expect.unreachable();
  } catch (error) {
    expect((error as BimixError).code).toBe(code);
  }
});
