import { describe, expect, test } from 'vitest';
import { havePublicTables, type PublicTableName, publicTable } from '../../test/public-tables.ts';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_BIMIX } from '../../test/true-laws.ts';
import { bimix, bimixTransfer } from '../laws/index.ts';
import { parseWhere, selectWhere, splitRuns } from '../observations/index.ts';
import { evaluate } from './evidence.ts';
import { lawForecaster } from './forecaster.ts';
import { offsetForecaster } from './offset-forecaster.ts';

test('an offset tells what a run is off by throughout', () => {
  const table = simulateTable(TRUE_BIMIX, { runs: 20, runNoise: 0.01, rowNoise: 0.001 });
  const split = splitRuns(table, 'after:0.5', 0);
  const [law, withOffset] = evaluate(table, [lawForecaster(bimix), offsetForecaster(bimix)], split).laws;
  expect(withOffset.law).toBe('bimix + run offset');
  // Runs differ by 1 %, checkpoints by 0.1 %.
  expect(law.mean.mre).toBeGreaterThan(0.005);
  expect(withOffset.mean.mre).toBeLessThan(0.0025);
});

test('a run that was not trained on has no offset', () => {
  const table = simulateTable(TRUE_BIMIX, { runs: 12, runNoise: 0.01 });
  const rows = Int32Array.from(table.rowRun, (_, row) => row);
  const train = rows.filter(row => table.rowRun[row] < 9);
  const heldOut = rows.filter(row => table.rowRun[row] >= 9);
  expect(offsetForecaster(bimix).train(table, train, [1])(1, heldOut)).toEqual(
    lawForecaster(bimix).train(table, train, [1])(1, heldOut),
  );
});

// MRE at last steps, in percent, of the law alone and with the offset: reference figures of the same protocol.
const FIGURES: readonly [PublicTableName, where: string, split: string, law: number, offset: number][] = [
  ['5Mix-70M', 'step<=30000', 'after:0.5', 0.486, 0.476],
  ['RedPajama-70M', 'step<=30000', 'after:0.5', 0.441, 0.343],
  ['dmsl-680M', 'tokens>2.6B', 'after:0.5', 0.793, 0.777],
  ['RedPajama-70M', 'step<=30000', 'after:0.8', 0.343, 0.182],
];

describe.skipIf(!havePublicTables('late checkpoints with run offsets'))('on public tables', () => {
  test.each(FIGURES)('%s, %s, %s: last steps are predicted as well as measured elsewhere', async (name, ...rest) => {
    const [where, form, law, offset] = rest;
    const table = selectWhere(await publicTable(name), parseWhere(where));
    const options = { pool: false, warmUp: false };
    const forecasters = [lawForecaster(bimixTransfer, options), offsetForecaster(bimixTransfer, options)];
    const { laws } = evaluate(table, forecasters, splitRuns(table, form, 0));
    expect(Math.abs(100 * (laws[0].mean.mreAtLast ?? 1) - law)).toBeLessThan(0.01);
    expect(Math.abs(100 * (laws[1].mean.mreAtLast ?? 1) - offset)).toBeLessThan(0.01);
  });
});
