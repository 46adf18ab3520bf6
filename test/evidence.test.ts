/** What the laws reach on public tables, under the protocols of the BiMix paper and others. */

import { describe, expect, test } from 'vitest';
import { evaluate, lawForecaster, meanBaseline, nearestBaseline } from '../src/evidence/index.ts';
import { fitLaw } from '../src/fitting/index.ts';
import { importRuns } from '../src/importers/index.ts';
import { bimix, bimixTransfer } from '../src/laws/index.ts';
import { parseWhere, type RunTable, selectRows, selectWhere, splitRuns } from '../src/observations/index.ts';
import { havePublicTables, type PublicTableName, publicTable } from './public-tables.ts';
import { sharedPath } from './shared-data.ts';

const SLIMPAJAMA = ['dmsl-122M', 'dmsl-310M', 'dmsl-680M'] as const;

/** The mean relative error of `law` in percent, each run's last checkpoint predicted from the run's earlier ones. */
function protocol1(table: RunTable): number {
  return 100 * evaluate(table, [lawForecaster(bimix)], splitRuns(table, 'protocol-1', 0)).laws[0].mean.mre;
}

function withoutFirstCheckpoints(table: RunTable): RunTable {
  const rows = Array.from(table.rowRun, (_, row) => row);
  return selectRows(
    table,
    rows.filter(row => row > 0 && table.rowRun[row] === table.rowRun[row - 1]),
  );
}

describe.skipIf(!havePublicTables('protocol 2 of the paper on SlimPajama', SLIMPAJAMA))('unseen mixtures', () => {
  test.each(SLIMPAJAMA)('%s: bimix explains 97 percent of the variance of held-out runs', async name => {
    const table = await publicTable(name);
    const { laws } = evaluate(
      table,
      [lawForecaster(bimix), lawForecaster(bimixTransfer), meanBaseline, nearestBaseline],
      splitRuns(table, 'kfold:5', 0),
    );
    const [published, transfer, mean, nearest] = laws.map(law => law.mean);
    expect(published.r2).toBeGreaterThanOrEqual(0.97);
    expect(transfer.r2).toBeGreaterThan(0.994);
    expect(transfer.mre).toBeLessThan(0.0047);
    expect(nearest.mre).toBeGreaterThan(published.mre);
    expect(mean.mre).toBeGreaterThan(nearest.mre);
  });
});

// Bars in percent; scipy.optimize.least_squares on the log residuals of B x^-beta + C, each run alone, gives 0.157, 0.192,
// 0.256, 0.273, 0.395, 0.369 and 0.297.
const PROTOCOL_1: readonly (readonly [PublicTableName, number, (table: RunTable) => RunTable])[] = [
  ['RedPajama-70M', 0.2, upTo30000],
  ['RedPajama-160M', 0.2, upTo30000],
  ['5Mix-70M', 1.05 * 0.256, upTo30000],
  ['5Mix-160M', 1.05 * 0.273, upTo30000],
  ['dmsl-122M', 1.05 * 0.395, withoutFirstCheckpoints],
  ['dmsl-310M', 1.05 * 0.369, withoutFirstCheckpoints],
  ['dmsl-680M', 1.05 * 0.297, withoutFirstCheckpoints],
];

function upTo30000(table: RunTable): RunTable {
  return selectWhere(table, parseWhere('step<=30000'));
}

describe.skipIf(!havePublicTables('protocol 1 of the paper'))('the last checkpoint of each run alone', () => {
  test.each(PROTOCOL_1)('%s: mean relative error below %f %', async (name, bar, rowsOf) => {
    expect(protocol1(rowsOf(await publicTable(name)))).toBeLessThan(bar);
  });
});

describe.skipIf(!havePublicTables('warm-up of 5Mix', ['5Mix-70M', '5Mix-160M']))('the warm-up rule', () => {
  const complete = async (size: string): Promise<RunTable> => {
    const { table } = await importRuns([sharedPath(`data/mixinglaws/5Mix/${size}.txt.gz`)], { format: 'mixinglaws' });
    return selectWhere(table, parseWhere('complete'));
  };

  test('leaves steps 3000 and 4000 of 5Mix 70M out of the fit, and predicts later steps better for it', async () => {
    const table = await complete('70M');
    expect(fitLaw(table, bimixTransfer).warmUp.excluded).toEqual([3000, 4000]);
    const split = splitRuns(table, 'kfold:5', 0);
    const later = {
      ...split,
      folds: split.folds.map(({ train, test: held }) => ({
        train,
        test: held.filter(row => table.rowVolume[row] >= 6000),
      })),
    };
    const [left, kept] = [true, false].map(
      warmUp => evaluate(table, [lawForecaster(bimixTransfer, { warmUp })], later).laws[0].mean.mre,
    );
    expect(left).toBeLessThan(0.8 * kept);
  });

  test('leaves nothing of SlimPajama, RedPajama and the later steps of 5Mix out', async () => {
    for (const name of [...SLIMPAJAMA, 'RedPajama-70M', 'RedPajama-160M', '5Mix-70M', '5Mix-160M'] as const) {
      for (const law of [bimix, bimixTransfer]) {
        expect(fitLaw(await publicTable(name), law).warmUp.excluded).toEqual([]);
      }
    }
  });
});
