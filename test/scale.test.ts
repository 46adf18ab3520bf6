/** Public tables: from a small model to a larger one. */

import { describe, expect, test } from 'vitest';
import { carried, evaluate, lawForecaster } from '../src/evidence/index.ts';
import { fitLaw } from '../src/fitting/index.ts';
import { bimixTransfer, bimixTransferSize } from '../src/laws/index.ts';
import { splitRuns } from '../src/observations/index.ts';
import { havePublicTables, publicTable, SIZE_PAIRS, SIZES, together } from './public-tables.ts';

const here = havePublicTables('scale', [...SIZE_PAIRS.flat(), ...SIZES]);

describe.skipIf(!here).each(SIZE_PAIRS)('%s to %s', (small, big) => {
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
    const table = together(await Promise.all(SIZES.map(name => publicTable(name))));
    const forecasters = [lawForecaster(bimixTransferSize), carried(lawForecaster(bimixTransfer))];
    const [sized, plain] = evaluate(table, forecasters, splitRuns(table, 'size:680M', 0)).laws;
    expect(sized.mean.mre).toBeLessThan(0.0105);
    expect(plain.mean.mre).toBeGreaterThan(3.5 * sized.mean.mre);
    expect(sized.mean.spearman).toBeGreaterThan(0.98);
  },
  20_000,
);
