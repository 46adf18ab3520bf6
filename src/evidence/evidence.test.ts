import { describe, expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_BIMIX } from '../../test/true-laws.ts';
import { bimix, bimixTransfer } from '../laws/index.ts';
import { type RunTable, type Split, splitRuns } from '../observations/index.ts';
import { evaluate } from './evidence.ts';
import { type Forecaster, lawForecaster, meanBaseline, nearestBaseline } from './forecaster.ts';

/** Four runs of two checkpoints, one domain measured twice over. */
const table: RunTable = {
  trainingDomains: ['web'],
  evaluationDomains: ['web', 'code'],
  ownDomain: Int32Array.of(0, 0),
  volumeUnit: 'steps',
  runs: ['a', 'b', 'c', 'd'].map(name => ({ name })),
  mixtures: Float64Array.of(1, 1, 1, 1),
  rowRun: Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3),
  rowVolume: Float64Array.of(1, 2, 1, 2, 1, 2, 1, 2),
  losses: Float64Array.of(4, 2, 3, 1, 4, 4, 2, 2, 5, 2, 4, 1.5, 6, 3, 5, 2),
  provenance: { format: 'test', inputs: [], version: '0' },
};

/** Says what it is given, by table row and target. */
function oracle(predicted: (row: number, target: number) => number): Forecaster {
  return {
    name: 'oracle',
    kind: 'law',
    train: () => (target, rows) => Float64Array.from(rows, row => predicted(row, target)),
  };
}

const exact = oracle((row, target) => table.losses[row * 2 + target]);

function splitOf(folds: readonly (readonly [number[], number[]])[], holdsOutRuns = true): Split {
  return {
    name: 'by hand',
    meaning: 'rows chosen by hand',
    holdsOutRuns,
    folds: folds.map(([train, held]) => ({ train: Int32Array.from(train), test: Int32Array.from(held) })),
  };
}

const HALVES = splitOf([
  [
    [4, 5, 6, 7],
    [0, 1, 2, 3],
  ],
  [
    [0, 1, 2, 3],
    [4, 5, 6, 7],
  ],
]);

describe('a forecaster that knows the losses', () => {
  const evidence = evaluate(table, [exact], HALVES);

  test('has no error, full R2 and rank correlation, and no regret', () => {
    const [law] = evidence.laws;
    expect(law.mean).toEqual({ mre: 0, mreAtLast: 0, mae: 0, r2: 1, r2Log: 1, spearman: expect.closeTo(1, 12) });
    expect(law.regretAt1).toBe(0);
    expect(law.targets.web).toMatchObject({ mre: 0, n: 8, runs: 4 });
  });

  test('is measured on all held-out runs and rows of all folds and targets', () => {
    expect(evidence).toMatchObject({ split: 'by hand', runs: 4, points: 16 });
    expect([...evidence.laws[0].points.code].map(({ run, last }) => `${run}${last ? ' last' : ''}`)).toEqual([
      'a',
      'a last',
      'b',
      'b last',
      'c',
      'c last',
      'd',
      'd last',
    ]);
  });
});

describe('scores by hand', () => {
  // Predictions 10 % high for web, 0.5 low for code.
  const off = oracle((row, target) => (target === 0 ? 1.1 * table.losses[row * 2] : table.losses[row * 2 + 1] - 0.5));
  const [law] = evaluate(table, [off], HALVES).laws;

  test('errors are means over rows, and their mean is over targets', () => {
    expect(law.targets.web.mre).toBeCloseTo(0.1, 12);
    expect(law.targets.code.mae).toBeCloseTo(0.5, 12);
    // web 4, 3, 4, 2, 5, 4, 6, 5: mean 4.125
    expect(law.targets.web.mae).toBeCloseTo(0.4125, 12);
    expect(law.mean.mae).toBeCloseTo((0.4125 + 0.5) / 2, 12);
    expect(law.mean.mre).toBeCloseTo((0.1 + law.targets.code.mre) / 2, 12);
  });

  test('R2 counts all held-out rows, on losses and on their logarithms', () => {
    const code = [2, 1, 4, 2, 2, 1.5, 3, 2];
    const mean = code.reduce((a, b) => a + b) / 8;
    const total = code.reduce((sum, loss) => sum + (loss - mean) ** 2, 0);
    expect(law.targets.code.r2).toBeCloseTo(1 - (8 * 0.25) / total, 12);
    expect(law.targets.web.r2Log).toBeCloseTo(
      1 - (8 * Math.log(1.1) ** 2) / spread([4, 3, 4, 2, 5, 4, 6, 5].map(Math.log)),
      12,
    );
  });

  test('rank correlation looks at last checkpoints only', () => {
    // Right order at last checkpoints, wrong at all others.
    const late = oracle((row, target) =>
      row % 2 === 1 ? table.losses[row * 2 + target] : 10 - table.losses[row * 2 + target],
    );
    expect(evaluate(table, [late], HALVES).laws[0].targets.web.spearman).toBeCloseTo(1, 12);
  });
});

function spread(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

describe('regret', () => {
  // Mean losses at last checkpoints: a 2, b 2, c 2.75, d 3.5.
  test('is the excess of the picked held-out run over the best one, averaged over folds', () => {
    const picksC = oracle((row, target) => (table.rowRun[row] === 2 ? 0.1 : table.losses[row * 2 + target]));
    const all = splitOf([
      [
        [0, 1],
        [2, 3, 4, 5, 6, 7],
      ],
    ]);
    expect(evaluate(table, [picksC], all).laws[0].regretAt1).toBeCloseTo(2.75 / 2 - 1, 12);
    const picksD = oracle((row, target) => -table.losses[row * 2 + target] + 20);
    expect(evaluate(table, [picksD], HALVES).laws[0].regretAt1).toBeCloseTo((0 + (3.5 / 2.75 - 1)) / 2, 12);
  });

  test('is not known when no runs are held out, or one only', () => {
    expect(
      evaluate(
        table,
        [exact],
        splitOf(
          [
            [
              [0, 2, 4, 6],
              [1, 3, 5, 7],
            ],
          ],
          false,
        ),
      ).laws[0].regretAt1,
    ).toBeNull();
    expect(
      evaluate(
        table,
        [exact],
        splitOf([
          [
            [0, 1],
            [2, 3],
          ],
        ]),
      ).laws[0].regretAt1,
    ).toBeNull();
  });

  test('leaves out runs of which a target was not measured at the last checkpoint', () => {
    const losses = table.losses.slice();
    losses[2 * 1 + 1] = Number.NaN;
    const holed = { ...table, losses };
    const all = splitOf([
      [
        [6, 7],
        [0, 1, 2, 3, 4, 5],
      ],
    ]);
    const said = oracle((row, target) => (table.rowRun[row] === 0 ? 0.1 : table.losses[row * 2 + target]));
    const [law] = evaluate(holed, [said], all).laws;
    expect(law.regretAt1).toBe(0);
    expect(law.targets.code.n).toBe(5);
  });
});

describe('evaluating laws', () => {
  const simulated = simulateTable(TRUE_BIMIX, { runs: 20, rowNoise: 0.003, runNoise: 0.003 });
  const forecasters = [lawForecaster(bimix), lawForecaster(bimixTransfer), meanBaseline, nearestBaseline];

  test('a true law without noise predicts held-out runs without error', () => {
    const perfect = simulateTable(TRUE_BIMIX, { runs: 12 });
    const [law] = evaluate(perfect, [lawForecaster(bimix)], splitRuns(perfect, 'kfold:4', 0)).laws;
    expect(law.mean.mre).toBeLessThan(1e-9);
    expect(law.mean.r2).toBeCloseTo(1, 9);
    expect(law.regretAt1).toBe(0);
  });

  test('laws stand far above the baselines, which hold nothing against a mixture', () => {
    const evidence = evaluate(simulated, forecasters, splitRuns(simulated, 'kfold:5', 1));
    const mre = Object.fromEntries(evidence.laws.map(({ law, mean }) => [law, mean.mre]));
    expect(mre.bimix).toBeLessThan(0.006);
    expect(mre['bimix-transfer']).toBeLessThan(0.006);
    expect(mre.mean).toBeGreaterThan(3 * mre.bimix);
    expect(mre.nearest).toBeGreaterThan(2 * mre.bimix);
    expect(evidence.laws.map(({ kind }) => kind)).toEqual(['law', 'law', 'baseline', 'baseline']);
  });

  test('the same seed gives the same bytes', () => {
    const bytes = (): string => JSON.stringify(evaluate(simulated, forecasters, splitRuns(simulated, 'kfold:5', 1)));
    expect(bytes()).toBe(bytes());
  });

  test('warm-up checkpoints stay in the evaluation', () => {
    const bent = simulateTable(TRUE_BIMIX, {
      runs: 12,
      volumes: Array.from({ length: 12 }, (_, i) => (i + 1) * 1e9),
      rowNoise: 0.001,
      bend: volume => (volume === 1e9 ? 0.03 : volume === 2e9 ? -0.03 : 0),
    });
    const { points, laws } = evaluate(bent, [lawForecaster(bimix)], splitRuns(bent, 'kfold:3', 0));
    expect(points).toBe(12 * 12 * 3);
    expect([...laws[0].points.web].filter(({ volume }) => volume === 1e9)).toHaveLength(12);
  });

  test('reports each fold, and the seconds of the clock it is given', () => {
    const steps: string[] = [];
    let seconds = 0;
    const split = splitRuns(simulated, 'kfold:2', 0);
    const { laws } = evaluate(simulated, [lawForecaster(bimix), meanBaseline], split, {
      onProgress: (done, total) => steps.push(`${done}/${total}`),
      clock: () => seconds++,
    });
    expect(steps).toEqual(['1/4', '2/4', '3/4', '4/4']);
    expect(laws.map(({ fitSeconds }) => fitSeconds)).toEqual([2, 2]);
  });

  test('a target none of whose held-out rows was measured is named', () => {
    const split = splitRuns(simulated, 'every:4', 0);
    const held = new Set(split.folds[0].test);
    const losses = simulated.losses.map((loss, n) => (n % 3 === 1 && held.has(Math.floor(n / 3)) ? Number.NaN : loss));
    expect(() => evaluate({ ...simulated, losses }, [lawForecaster(bimix)], split)).toThrowError(
      'missing losses of "code": the split every:4 holds out none',
    );
  });
});
