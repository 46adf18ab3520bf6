import { describe, expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_TRANSFER } from '../../test/true-laws.ts';
import { BimixError } from '../errors/index.ts';
import { predictRows } from '../evidence/forecaster.ts';
import {
  bimixTransfer,
  type FittedLaw,
  findLaw,
  formatLaws,
  isStack,
  type Law,
  lossesAtVolume,
  parseLaws,
  predictDesign,
  predictLosses,
} from '../laws/index.ts';
import { mixtureOfRun, type RunTable, selectRuns } from '../observations/index.ts';
import { fitLaw } from './fit-law.ts';
import { targetData } from './target-data.ts';

function lawNamed(name: string): Law {
  const law = findLaw(name);
  if (isStack(law)) throw new Error(`${name} is a stack`);
  return law;
}

const gp = lawNamed('gp');
const trees = lawNamed('trees');
const hybrid = lawNamed('hybrid');

/** Multiplies the losses of each run by exp of what `error` says of its mixture. */
function withErrors(table: RunTable, error: (shares: Float64Array) => number): RunTable {
  const k = table.evaluationDomains.length;
  const losses = table.losses.map(
    (loss, index) => loss * Math.exp(error(mixtureOfRun(table, table.rowRun[Math.floor(index / k)]))),
  );
  return { ...table, losses };
}

/** Mean relative error on runs held out: every third one. */
function heldOutError(table: RunTable, law: Law): number {
  const fitted = fitLaw(
    selectRuns(table, run => run % 3 !== 0),
    law,
  );
  const rows = Int32Array.from(table.rowRun, (_, row) => row).filter(row => table.rowRun[row] % 3 === 0);
  return meanError(fitted, table, rows);
}

function meanError(fitted: FittedLaw, table: RunTable, rows: Int32Array): number {
  const k = table.evaluationDomains.length;
  const errors = fitted.targets.flatMap(({ target }) => {
    const index = table.evaluationDomains.indexOf(target);
    return Array.from(predictRows(fitted, table, index, rows), (loss, n) =>
      Math.abs(loss / table.losses[rows[n] * k + index] - 1),
    );
  });
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

describe('hybrid', () => {
  test('learns what the law cannot say', () => {
    const table = withErrors(simulateTable(TRUE_TRANSFER, { runs: 90 }), shares => 0.05 * Math.sin(9 * shares[0]));
    expect(heldOutError(table, hybrid)).toBeLessThan(0.6 * heldOutError(table, bimixTransfer));
  });

  test('is the law itself where runs differ by noise alone', () => {
    const table = simulateTable(TRUE_TRANSFER, { runs: 40, runNoise: 0.01, seed: 3 });
    const fitted = fitLaw(table, hybrid);
    const plain = fitLaw(table, bimixTransfer);
    const rows = Int32Array.from(table.rowRun, (_, row) => row);
    fitted.targets.forEach((target, i) => {
      expect(target.coefficients).toEqual(plain.targets[i].coefficients);
      const index = table.evaluationDomains.indexOf(target.target);
      const [corrected, uncorrected] = [fitted, plain].map(law => predictRows(law, table, index, rows));
      corrected.forEach((loss, n) => {
        expect(Math.abs(loss / uncorrected[n] - 1)).toBeLessThan(0.01);
      });
    });
  });
});

describe.each([gp, trees, hybrid])('$name', law => {
  const table = simulateTable(TRUE_TRANSFER, { runs: 30, runNoise: 0.002, seed: 1 });
  const fitted = fitLaw(table, law);

  test('predicts the same after law.json', () => {
    const [read] = parseLaws(formatLaws([fitted]), 'law.json');
    const shares = mixtureOfRun(table, 3);
    expect(predictLosses(read, shares, fitted.volume.scale / 2)).toEqual(
      predictLosses(fitted, shares, fitted.volume.scale / 2),
    );
  });

  test('predicts a mixture alone as among the rows of a table', () => {
    const row = table.rowRun.indexOf(5);
    const losses = predictLosses(fitted, mixtureOfRun(table, 5), table.rowVolume[row]);
    const rows = Int32Array.from(table.rowRun.keys());
    for (const target of fitted.targets) {
      const index = table.evaluationDomains.indexOf(target.target);
      const { design } = targetData(table, index, rows, fitted.volume.scale);
      expect(losses[target.target]).toBeCloseTo(Math.exp(predictDesign(fitted, target, design)[row]), 10);
    }
  });

  test('is not optimized', () => {
    expect(() => lossesAtVolume(fitted, fitted.volume.scale)).toThrow(BimixError);
  });

  test.each([1, 2, 3, 5])('is fitted to %i runs', runs => {
    const few = selectRuns(table, run => run < runs);
    const rows = Int32Array.from(table.rowRun, (_, row) => row);
    expect(meanError(fitLaw(few, law), table, rows)).toBeLessThan(1);
  });
});

describe('a law file', () => {
  const table = simulateTable(TRUE_TRANSFER, { runs: 12, runNoise: 0.002, seed: 3 });
  const { length: domains } = table.trainingDomains;
  const fileOf = (law: Law, edit: (target: Record<string, unknown>) => void): string => {
    const value = JSON.parse(formatLaws([fitLaw(table, law)]));
    edit(value.targets[1]);
    return JSON.stringify(value);
  };
  const of = (regression: object) => ({ features: 'cube roots', regression });
  const constant = { kind: 'boosted-trees', columns: domains, base: 0, feature: [], value: [] };

  test.each([
    [
      'none',
      gp,
      undefined,
      /^invalid law file at targets\.1\.correction: ".*" has no correction, which gp cannot do without$/,
    ],
    ['none', trees, undefined, /has no correction, which trees cannot do without$/],
    ['one too many', bimixTransfer, of(constant), /has a correction, but bimix-transfer is a law without one$/],
    ['one of another kind', hybrid, of(constant), /has a boosted-trees correction, but hybrid takes gaussian-process$/],
    ['features too few', trees, of({ ...constant, columns: domains - 1 }), /features, expected \d+$/],
  ])('with %s in the place of a correction is refused', (_, law, correction, message) => {
    const text = fileOf(law, target => Object.assign(target, { correction }));
    expect(() => parseLaws(text, 'law.json')).toThrow(
      expect.objectContaining({
        code: 'invalid-law',
        message: expect.stringMatching(message),
        where: { file: 'law.json' },
        hint: 'Fit the law again with bimix fit.',
      }),
    );
  });

  test('says where the runs gave no correction, and is read', () => {
    const two = fitLaw(
      selectRuns(table, run => run < 2),
      gp,
    );
    expect(two.targets.map(({ correction }) => correction)).toContain(null);
    expect(parseLaws(formatLaws([two]), 'law.json')).toEqual([JSON.parse(JSON.stringify(two))]);
  });
});

test('gp and trees learn from mixtures: far better on runs held out than one curve for all', () => {
  const table = simulateTable(TRUE_TRANSFER, { runs: 60, runNoise: 0.002, seed: 2 });
  const { correction: _, ...blind } = gp;
  const curve = heldOutError(table, { ...blind });
  expect(heldOutError(table, gp)).toBeLessThan(0.2 * curve);
  expect(heldOutError(table, trees)).toBeLessThan(0.5 * curve);
});

test('longer runs of one kind of mixture do not bend the volume term of gp', () => {
  const table = simulateTable(TRUE_TRANSFER, { runs: 30 });
  const half = table.rowVolume.reduce((a, b) => Math.max(a, b)) / 2;
  const easy = (run: number): boolean => mixtureOfRun(table, run)[0] > 0.5;
  const kept = table.rowRun.map((run, row) => (table.rowVolume[row] <= half || easy(run) ? row : -1));
  const uneven = {
    ...table,
    losses: table.losses.map((loss, i) =>
      kept[Math.floor(i / table.evaluationDomains.length)] < 0 ? Number.NaN : loss,
    ),
  };
  const [whole, cut] = [table, uneven].map(runs => fitLaw(runs, gp).targets[0].coefficients);
  expect(cut.B / whole.B).toBeGreaterThan(0.8);
  expect(cut.B / whole.B).toBeLessThan(1.25);
});
