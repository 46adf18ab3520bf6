import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { describe, expect, test } from 'vitest';
import { type DesignTarget, dOptimal } from './d-optimal.ts';

/** Two targets of `count` candidates in `q` directions. */
function randomTargets(seed: number, count: number, q: number): DesignTarget[] {
  const random = mersenne(seed);
  const row = (): Float64Array => Float64Array.from({ length: q }, () => 2 * uniformFloat64(random) - 1);
  return [0.1, 0.3].map(noise => ({ rows: Array.from({ length: count }, row), noise }));
}

/** sum over targets of log det (I + sum row row' / noise), by elimination. */
function information(targets: readonly DesignTarget[], chosen: readonly number[]): number {
  return targets.reduce((sum, { rows, noise }) => {
    const q = rows[0].length;
    const matrix = Array.from({ length: q }, (_, i) =>
      Array.from(
        { length: q },
        (__, j) => chosen.reduce((value, n) => value + (rows[n][i] * rows[n][j]) / noise, 0) + (i === j ? 1 : 0),
      ),
    );
    let log = 0;
    for (let k = 0; k < q; k++) {
      log += Math.log(matrix[k][k]);
      for (let i = k + 1; i < q; i++) {
        const factor = matrix[i][k] / matrix[k][k];
        for (let j = k; j < q; j++) matrix[i][j] -= factor * matrix[k][j];
      }
    }
    return sum + log;
  }, 0);
}

function subsets(count: number, size: number, from = 0): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: Math.max(0, count - from) }, (_, k) => from + k).flatMap(first =>
    subsets(count, size - 1, first + 1).map(rest => [first, ...rest]),
  );
}

describe('a D-optimal choice', () => {
  test.each([1, 2, 3, 4, 5, 6])('is that of brute force on a small case (seed %i)', seed => {
    const targets = randomTargets(seed, 9, 3);
    const best = subsets(9, 4)
      .map(chosen => ({ chosen, value: information(targets, chosen) }))
      .reduce((a, b) => (b.value > a.value ? b : a));
    const found = dOptimal(targets, 4);
    expect(found.chosen).toEqual(best.chosen);
    expect(found.information).toBeCloseTo(best.value, 10);
  });

  test('takes only what is allowed, and all of it where there is no more', () => {
    const targets = randomTargets(7, 6, 3);
    expect(dOptimal(targets, 4, n => n % 2 === 0).chosen).toEqual([0, 2, 4]);
  });

  test('prefers a new direction to a longer one already known', () => {
    const rows = [
      [3, 0],
      [2.9, 0],
      [0, 1],
    ].map(row => Float64Array.from(row));
    expect(dOptimal([{ rows, noise: 0.01 }], 2).chosen).toEqual([0, 2]);
  });
});
