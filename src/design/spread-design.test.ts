import { expect, test } from 'vitest';
import { allowedMixtures } from './allowed-mixtures.ts';
import { makeDesignProblem } from './design-problem.ts';
import { spreadDesign, spreadOut, squareDistance } from './spread-design.ts';

function leastDistance(mixtures: readonly Float64Array[]): number {
  const roots = mixtures.map(shares => shares.map(Math.sqrt));
  let least = Number.POSITIVE_INFINITY;
  roots.forEach((root, n) => {
    for (const other of roots.slice(0, n)) least = Math.min(least, squareDistance(root, other));
  });
  return Math.sqrt(least);
}

test.each([
  [3, 6],
  [5, 12],
  [8, 16],
])('%i domains, %i runs: the nearest two are much farther apart than the best of 200 random designs', (m, runs) => {
  const problem = makeDesignProblem(Array.from({ length: m }, (_, j) => `d${j}`));
  const spread = leastDistance(spreadDesign.mixtures(problem, runs).map(({ shares }) => shares));
  const random = Array.from({ length: 200 }, (_, seed) =>
    leastDistance(allowedMixtures(problem.constraints, runs, seed)),
  );
  expect(spread).toBeGreaterThan(1.1 * Math.max(...random));
});

test('finds the corners and the middle of a triangle', () => {
  const thirds = Float64Array.of(1 / 3, 1 / 3, 1 / 3);
  const corners = [0, 1, 2].map(corner => Float64Array.from({ length: 3 }, (_, j) => (j === corner ? 1 : 0)));
  const near = Float64Array.of(0.4, 0.3, 0.3);
  expect(spreadOut([thirds, near, ...corners], 4)).toEqual([thirds, ...corners]);
});
