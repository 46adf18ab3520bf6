import { describe, expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_TRANSFER } from '../../test/true-laws.ts';
import { predictRows } from '../evidence/forecaster.ts';
import { bimix, bimixTransfer } from '../laws/index.ts';
import type { RunTable } from '../observations/index.ts';
import { fitLaw } from './fit-law.ts';

/** Loses measured on other documents at each checkpoint: a factor that all runs share there, by volume. */
function withWobble(table: RunTable, wobble: ReadonlyMap<number, number>): RunTable {
  const k = table.evaluationDomains.length;
  return {
    ...table,
    losses: table.losses.map((loss, index) => loss * Math.exp(wobble.get(table.rowVolume[Math.floor(index / k)]) ?? 0)),
  };
}

const plain = simulateTable(TRUE_TRANSFER, { runs: 30, rowNoise: 0.001, runNoise: 0.002, seed: 7 });
const volumes = [...new Set(plain.rowVolume)].sort((a, b) => a - b);
const wobble = new Map(volumes.map((volume, v) => [volume, [0.01, -0.012, 0.008, -0.006, 0.011][v % 5]]));

describe('checkpoint effects', () => {
  const table = withWobble(plain, wobble);
  const fitted = fitLaw(table, bimixTransfer);

  test('are found where all runs wobble together', () => {
    const rows = Int32Array.from(table.rowRun, (_, row) => row);
    fitted.targets.forEach(({ target }) => {
      const index = table.evaluationDomains.indexOf(target);
      const predicted = predictRows(fitted, table, index, rows);
      const withoutEffects = predictRows(
        { ...fitted, targets: fitted.targets.map(({ checkpointEffects: _, ...rest }) => rest) },
        table,
        index,
        rows,
      );
      const rms = (values: Float64Array): number =>
        Math.sqrt(
          values.reduce(
            (sum, value, row) =>
              sum + Math.log(value / table.losses[row * table.evaluationDomains.length + index]) ** 2,
            0,
          ) / rows.length,
        );
      expect(rms(predicted)).toBeLessThan(0.6 * rms(withoutEffects));
    });
  });

  test('move C and B by one amount, and alpha', () => {
    for (const { checkpointEffects } of fitted.targets) {
      expect(checkpointEffects?.map(({ volume }) => volume)).toEqual(volumes);
      for (const { shifts } of checkpointEffects ?? []) {
        expect(Object.keys(shifts)).toEqual(['C', 'B', 'alpha']);
        expect(shifts.B).toBe(shifts.C);
      }
    }
  });

  test('are nearly nothing where runs do not wobble together', () => {
    for (const { checkpointEffects } of fitLaw(plain, bimixTransfer).targets) {
      for (const { shifts } of checkpointEffects ?? []) expect(Math.abs(shifts.C)).toBeLessThan(0.001);
    }
  });

  test('are none for a law that names none', () => {
    for (const { checkpointEffects } of fitLaw(table, bimix, { targets: ['web', 'code'] }).targets) {
      expect(checkpointEffects).toBeUndefined();
    }
  });
});

test('runs of one mixture, whose directions are one, are fitted no worse for their effects', () => {
  const table = simulateTable(TRUE_TRANSFER, {
    ...{ runs: 12, rowNoise: 0.004, runNoise: 0.002, seed: 3 },
    mixtureOf: () => [0.85, 0.1, 0.05],
  });
  for (const { quality, checkpointEffects = [] } of fitLaw(withWobble(table, wobble), bimixTransfer).targets) {
    expect(quality.mre).toBeLessThan(0.02);
    for (const { shifts } of checkpointEffects) {
      for (const shift of Object.values(shifts)) expect(Math.abs(shift)).toBeLessThan(1);
    }
  }
});
