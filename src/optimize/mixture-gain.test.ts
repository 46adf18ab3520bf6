import { expect, test } from 'vitest';
import { bimixFit } from '../../test/fitted-laws.ts';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_BIMIX } from '../../test/true-laws.ts';
import { BimixError } from '../errors/index.ts';
import { fitLaw } from '../fitting/index.ts';
import { bimix, type FittedLaw, lossesAtVolume } from '../laws/index.ts';
import { mixtureGain } from './mixture-gain.ts';
import { makeProblem } from './mixture-problem.ts';

const volume = { unit: 'tokens', value: 20e9 } as const;

/** Two domains with exact coefficients: only runs scatter. */
function exactLaw(): FittedLaw {
  const law = bimixFit({ web: [2.5, 0.1, 0.3, 0.4], code: [2, 0.2, 0.3, 0.4] });
  const scatter = { runSd: 0.003, withinSd: 0.004, degrees: 1e6 };
  return {
    ...law,
    residualCorrelation: [0],
    targets: law.targets.map(target => ({
      ...target,
      uncertainty: { method: 'laplace', parameters: [], factor: [], ...scatter },
    })),
  };
}

test('with exact coefficients the interval is that of two runs that scatter by themselves', () => {
  const fitted = exactLaw();
  const problem = makeProblem(fitted, { volume });
  const [mine, theirs] = [Float64Array.of(0.5, 0.5), Float64Array.of(0.6, 0.4)];
  const { change, from, to, probability } = mixtureGain(fitted, problem, mine, theirs, 0.9);
  const [a, b] = [mine, theirs].map(shares => lossesAtVolume(fitted, 20e9).map(({ loss }) => loss.value(shares)));
  const mean = (b[0] + b[1]) / 2;
  expect(change).toBeCloseTo((a[0] + a[1] - b[0] - b[1]) / 2 / mean, 12);
  // Each target: half of hypot(mine, theirs) x 0.005; the two are independent. 1.6448536 is scipy.stats.norm.ppf(.95).
  const sd = Math.hypot(Math.hypot(a[0], b[0]), Math.hypot(a[1], b[1])) * 0.0025;
  expect((to - from) / 2).toBeCloseTo((1.6448536 * sd) / mean, 6);
  expect(probability).toBeGreaterThan(0.5);
});

test('a mixture against itself gains nothing, as likely as not', () => {
  const fitted = exactLaw();
  const shares = Float64Array.of(0.4, 0.6);
  const gain = mixtureGain(fitted, makeProblem(fitted, { volume }), shares, shares, 0.9);
  expect(gain.change).toBeCloseTo(0, 15);
  expect(gain.probability).toBeCloseTo(0.5, 9);
});

test('the gain one way is the loss the other way', () => {
  const fitted = exactLaw();
  const problem = makeProblem(fitted, { volume });
  const [a, b] = [Float64Array.of(0.5, 0.5), Float64Array.of(0.6, 0.4)];
  const there = mixtureGain(fitted, problem, a, b, 0.9);
  const back = mixtureGain(fitted, problem, b, a, 0.9);
  expect(there.probability + back.probability).toBeCloseTo(1, 12);
  expect((1 + there.change) * (1 + back.change)).toBeCloseTo(1, 12);
});

test('90 % intervals hold the true change between two runs in 80 to 99 % of simulations', () => {
  let held = 0;
  const tries = 40;
  for (let seed = 1; seed <= tries; seed++) {
    const table = simulateTable(TRUE_BIMIX, { runs: 16, rowNoise: 0.003, runNoise: 0.003, seed });
    const fitted = fitLaw(table, bimix, { uncertainty: true, check: false });
    const problem = makeProblem(fitted, { volume });
    const m = fitted.trainingDomains.length;
    const even = new Float64Array(m).fill(1 / m);
    const lean = even.map((share, j) => (j === 0 ? share + 0.2 : share - 0.2 / (m - 1)));
    const { from, to } = mixtureGain(fitted, problem, even, lean, 0.9);
    // Two more runs, of another seed, one at each mixture.
    const later = simulateTable(TRUE_BIMIX, {
      ...{ runs: 2, rowNoise: 0.003, runNoise: 0.003, seed: 1000 + seed, volumes: [10e9, 20e9] },
      mixtureOf: run => [...(run === 0 ? even : lean)],
    });
    const targets = later.evaluationDomains.length;
    const mean = (row: number): number =>
      fitted.targets.reduce(
        (sum, { target }) => sum + later.losses[row * targets + later.evaluationDomains.indexOf(target)],
        0,
      );
    const change = mean(1) / mean(3) - 1;
    if (change >= from && change <= to) held++;
  }
  expect(held / tries).toBeGreaterThanOrEqual(0.8);
  expect(held / tries).toBeLessThanOrEqual(0.99);
});

test('a fit that does not know how certain it is has no interval', () => {
  const law = bimixFit({ web: [2.5, 0.1, 0.3, 0.4], code: [2, 0.2, 0.3, 0.4] });
  const shares = Float64Array.of(0.4, 0.6);
  expect(() => mixtureGain(law, makeProblem(law, { volume }), shares, shares, 0.9)).toThrow(BimixError);
});
