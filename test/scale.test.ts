/** Public tables: from a small model to a larger one. */

import { describe, expect, test } from 'vitest';
import { carried, evaluate, fitLaw, lawForecaster } from '../src/fitting/index.ts';
import { bimixTransfer, bimixTransferSize } from '../src/laws/index.ts';
import { type RunTable, splitRuns } from '../src/observations/index.ts';
import { havePublicTables, type PublicTableName, publicTable } from './public-tables.ts';

const PAIRS: readonly (readonly [PublicTableName, PublicTableName])[] = [
  ['5Mix-70M', '5Mix-160M'],
  ['RedPajama-70M', 'RedPajama-160M'],
  ['dmsl-122M', 'dmsl-680M'],
];
const here = havePublicTables('scale', [...PAIRS.flat(), 'dmsl-310M']);

describe.skipIf(!here).each(PAIRS)('%s to %s', (small, big) => {
  test('one run of the larger model predicts the others within 1 %, mean of ten draws', async () => {
    const prior = fitLaw(await publicTable(small), bimixTransfer);
    const table = await publicTable(big);
    const [law] = evaluate(table, [lawForecaster(bimixTransfer, { prior })], splitRuns(table, 'draw:1', 0)).laws;
    expect(law.mean.mre).toBeLessThan(0.0065);
    expect(law.mean.spearman).toBeGreaterThan(0.95);
  });
});

test.skipIf(!here)(
  'SlimPajama at 680M, from 122M and 310M: sizes fitted together err four times less',
  async () => {
    const tables = await Promise.all((['dmsl-122M', 'dmsl-310M', 'dmsl-680M'] as const).map(name => publicTable(name)));
    const table = together(tables);
    const forecasters = [lawForecaster(bimixTransferSize), carried(lawForecaster(bimixTransfer))];
    const [sized, plain] = evaluate(table, forecasters, splitRuns(table, 'size:680M', 0)).laws;
    expect(sized.mean.mre).toBeLessThan(0.0105);
    expect(plain.mean.mre).toBeGreaterThan(3.5 * sized.mean.mre);
    expect(sized.mean.spearman).toBeGreaterThan(0.98);
  },
  20_000,
);

function together(tables: readonly RunTable[]): RunTable {
  const joined = (of: (table: RunTable) => ArrayLike<number>) => tables.flatMap(table => Array.from(of(table)));
  let runs = 0;
  const rowRun = tables.flatMap(table => {
    const before = runs;
    runs += table.runs.length;
    return Array.from(table.rowRun, run => run + before);
  });
  return {
    ...tables[0],
    runs: tables.flatMap(table => table.runs),
    mixtures: Float64Array.from(joined(table => table.mixtures)),
    rowRun: Int32Array.from(rowRun),
    rowVolume: Float64Array.from(joined(table => table.rowVolume)),
    losses: Float64Array.from(joined(table => table.losses)),
  };
}
