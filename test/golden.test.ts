/** Fits of public tables against reference values computed with numpy and scipy on the same rows. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluate, lawForecaster } from '../src/evidence/index.ts';
import { fitTarget, type TargetFit, targetData } from '../src/fitting/index.ts';
import { bimix, bimixTransfer, type Law, stack } from '../src/laws/index.ts';
import { type RunTable, selectRows, splitRuns } from '../src/observations/index.ts';
import { havePublicTables, PUBLIC_TABLES, type PublicTableName, publicTable } from './public-tables.ts';
import { haveShared, sharedPath } from './shared-data.ts';

interface ReferenceFit {
  readonly objective: number;
  /** Noise that the ridge is weighed against. */
  readonly lam?: number;
}

interface ReferenceSet {
  readonly held_out_runs: readonly string[];
  readonly s_max_train: number;
  readonly laws: Readonly<
    Record<
      'bimix_ls' | 'ces_fixed_lambda' | 'ces' | 'ces_pooled' | 'stack',
      { readonly targets: Readonly<Record<string, ReferenceFit>>; readonly mean_mre_pct: number }
    >
  >;
  readonly example_ces_fixed_lambda: {
    readonly r: readonly number[];
    readonly s: number;
    readonly predicted: Readonly<Record<string, number>>;
  };
}

const REFERENCE = 'reference/laws-golden.json';
const here = haveShared('golden fits', REFERENCE) && havePublicTables('golden fits');

function reference(name: PublicTableName): ReferenceSet {
  return JSON.parse(readFileSync(sharedPath(REFERENCE), 'utf8')).datasets[name];
}

/** The fit of one target on the reference's training runs, from the law's own starts. */
function fitOf(train: RunTable, law: Law, domain: string, scale: number, lambda?: number): TargetFit {
  const target = train.evaluationDomains.indexOf(domain);
  const rows = Array.from(train.rowRun, (_, row) => row);
  const data = targetData(train, target, rows, scale);
  return fitTarget(law, data, lambda === undefined ? {} : { lambda, robust: false });
}

describe.skipIf(!here).each(PUBLIC_TABLES)('%s', name => {
  const load = async () => {
    const table = await publicTable(name);
    const split = splitRuns(table, 'every:4', 0);
    return { set: reference(name), table, split, train: selectRows(table, split.folds[0].train) };
  };

  test('holds out the runs of the reference', async () => {
    const { set, table, split } = await load();
    const heldOut = new Set(Array.from(split.folds[0].test, row => table.runs[table.rowRun[row]].name));
    expect([...heldOut].sort()).toEqual([...set.held_out_runs].sort());
  });

  test('every fit of bimix is as good as scipy found it', async () => {
    const { set, train } = await load();
    for (const [domain, { objective }] of Object.entries(set.laws.bimix_ls.targets)) {
      expect(fitOf(train, bimix, domain, set.s_max_train).objective / objective).toBeLessThan(1 + 1e-6);
    }
  });

  test('every fit of bimix-transfer at the reference noise is as good as scipy found it, and its example is predicted', async () => {
    const { set, train } = await load();
    const { r, s, predicted } = set.example_ces_fixed_lambda;
    for (const [domain, { objective, lam }] of Object.entries(set.laws.ces_fixed_lambda.targets)) {
      const fit = fitOf(train, bimixTransfer, domain, set.s_max_train, lam);
      expect(fit.objective / objective).toBeLessThan(1 + 1e-4);
      const own = train.ownDomain[train.evaluationDomains.indexOf(domain)];
      const shape = {
        domains: train.trainingDomains,
        own,
        volumeVaries: train.volumeUnit !== 'none',
        shareVaries: true,
        sizeVaries: false,
      };
      const loss = bimixTransfer.atVolume(shape, fit.theta, s / set.s_max_train, 1).value(Float64Array.from(r));
      expect(Math.abs(loss / predicted[domain] - 1)).toBeLessThan(1e-3);
    }
  });

  test('held-out errors are at most 1.05 x those of the reference', { timeout: 400_000 }, async () => {
    const { set, table, split } = await load();
    const forecasters = [
      lawForecaster(bimix),
      lawForecaster(bimixTransfer, { pool: false }),
      lawForecaster(bimixTransfer),
      lawForecaster(stack),
    ];
    const errors = evaluate(table, forecasters, split).laws.map(({ mean }) => 100 * mean.mre);
    const reference = [set.laws.bimix_ls, set.laws.ces, set.laws.ces_pooled, set.laws.stack];
    errors.forEach((error, i) => {
      expect(error).toBeLessThan(1.05 * reference[i].mean_mre_pct);
    });
  });
});
