/** Public tables: what part of runs held out do 90 % intervals cover, beyond what the runs covered? */

import { describe, expect, test } from 'vitest';
import { evaluate, type LawEvidence, lawForecaster, offsetForecaster } from '../src/evidence/index.ts';
import { type FitLawOptions, fitLaw } from '../src/fitting/index.ts';
import { bimixTransfer, bimixTransferSize } from '../src/laws/index.ts';
import {
  defaultTargets,
  isLastOfRun,
  lossAt,
  mixtureOfRun,
  parseWhere,
  type RunTable,
  type Split,
  selectRows,
  selectWhere,
  splitRuns,
} from '../src/observations/index.ts';
import { makeProblem, mixtureGain } from '../src/optimize/index.ts';
import {
  havePublicTables,
  LATE_ROWS,
  type PublicTableName,
  publicTable,
  SIZE_PAIRS,
  SIZES,
  together,
} from './public-tables.ts';

const here = havePublicTables('intervals', [...SIZE_PAIRS.flat(), ...SIZES]);
const SURE: FitLawOptions = { uncertainty: true };

const coverageOf = (law: LawEvidence): number => law.interval?.coverage ?? Number.NaN;

/** All rows that are held out: those of the runs with the lowest share of a target's own domain. */
function lowestShare(table: RunTable, target: number): Split {
  const own = table.runs.map((_, run) => mixtureOfRun(table, run)[table.ownDomain[target]]);
  const lowest = Math.min(...own);
  const rows = Array.from(table.rowRun, (_, row) => row);
  const isLow = (row: number): boolean => own[table.rowRun[row]] <= lowest * 1.001;
  const fold = {
    train: Int32Array.from(rows.filter(row => !isLow(row))),
    test: Int32Array.from(rows.filter(isLow)),
  };
  return { name: 'lowest share', meaning: 'runs of the lowest share', holdsOutRuns: true, folds: [fold] };
}

describe.skipIf(!here)('at a share of zero that no run had', () => {
  test.each<PublicTableName>(['5Mix-160M', 'RedPajama-70M', 'RedPajama-160M'])(
    '%s: over all domains at least 85 % of the losses of the domain itself',
    async name => {
      const table = await publicTable(name);
      const inside = table.evaluationDomains.flatMap((_, target) => {
        if (table.ownDomain[target] < 0) return [];
        const split = lowestShare(table, target);
        const { points } = evaluate(table, [lawForecaster(bimixTransfer, SURE)], split, { interval: 0.9 }).laws[0];
        return [...points[table.evaluationDomains[target]]].map(
          ({ observed, lower = Number.NaN, upper = Number.NaN }) => observed >= lower && observed <= upper,
        );
      });
      expect(inside.filter(Boolean).length / inside.length).toBeGreaterThan(0.85);
    },
    60_000,
  );
});

describe.skipIf(!here)('a larger model', () => {
  test('SlimPajama at 680M from 122M and 310M: 85 to 95 %', async () => {
    const table = together(await Promise.all(SIZES.map(name => publicTable(name))));
    const [law] = evaluate(table, [lawForecaster(bimixTransferSize, SURE)], splitRuns(table, 'size:680M', 0), {
      interval: 0.9,
    }).laws;
    expect(coverageOf(law)).toBeGreaterThan(0.85);
    expect(coverageOf(law)).toBeLessThan(0.95);
  }, 60_000);

  test('SlimPajama at 310M from 122M alone: no intervals', async () => {
    const table = together([await publicTable('dmsl-122M'), await publicTable('dmsl-310M')]);
    const [law] = evaluate(table, [lawForecaster(bimixTransferSize, SURE)], splitRuns(table, 'largest-size', 0), {
      interval: 0.9,
    }).laws;
    expect(law.interval).toBeUndefined();
  }, 60_000);

  test.each(SIZE_PAIRS)(
    '%s to %s with one run and a prior: 85 to 95 %',
    async (small, big) => {
      const prior = fitLaw(await publicTable(small), bimixTransfer, SURE);
      const table = await publicTable(big);
      const [law] = evaluate(table, [lawForecaster(bimixTransfer, { ...SURE, prior })], splitRuns(table, 'draw:1', 0), {
        interval: 0.9,
      }).laws;
      expect(coverageOf(law)).toBeGreaterThan(0.85);
      expect(coverageOf(law)).toBeLessThan(0.955);
    },
    60_000,
  );
});

/** The last checkpoints, predicted from those up to a part of the largest volume. */
function lastAfter(table: RunTable, part: number): Split {
  const largest = Math.max(...table.rowVolume);
  const rows = Array.from(table.rowRun, (_, row) => row);
  const fold = {
    train: Int32Array.from(rows.filter(row => table.rowVolume[row] <= part * 1.001 * largest)),
    test: Int32Array.from(rows.filter(row => table.rowVolume[row] >= 0.999 * largest)),
  };
  return { name: `last after ${part}`, meaning: 'last checkpoints', holdsOutRuns: false, folds: [fold] };
}

describe.skipIf(!here)('the last checkpoint', () => {
  test.each<[PublicTableName, number]>([
    ['5Mix-70M', 0.1],
    ['5Mix-160M', 0.1],
    ['dmsl-122M', 0.2],
    ['dmsl-122M', 0.5],
    ['dmsl-680M', 0.3],
    ['RedPajama-160M', 0.2],
  ])(
    '%s from the first %d of the training: at least 85 %',
    async (name, part) => {
      const table = await publicTable(name);
      const [law] = evaluate(table, [lawForecaster(bimixTransfer, SURE)], lastAfter(table, part), {
        interval: 0.9,
      }).laws;
      expect(coverageOf(law)).toBeGreaterThan(0.85);
    },
    60_000,
  );

  test('from the first checkpoint alone: no intervals', async () => {
    const table = await publicTable('dmsl-122M');
    const [law] = evaluate(table, [lawForecaster(bimixTransfer, SURE)], lastAfter(table, 0.1), { interval: 0.9 }).laws;
    expect(law.interval).toBeUndefined();
  });

  test('with run offsets: intervals half as wide, 85 to 95 % on RedPajama 70M', async () => {
    const table = selectWhere(await publicTable('RedPajama-70M'), parseWhere(LATE_ROWS['RedPajama-70M'] ?? ''));
    const forecasters = [lawForecaster(bimixTransfer, SURE), offsetForecaster(bimixTransfer, SURE)];
    const [plain, offset] = evaluate(table, forecasters, splitRuns(table, 'after:0.8', 0), { interval: 0.9 }).laws;
    expect(coverageOf(offset)).toBeGreaterThan(0.85);
    expect(coverageOf(offset)).toBeLessThan(0.97);
    expect(offset.interval?.width).toBeLessThan(0.6 * (plain.interval?.width ?? 0));
  }, 60_000);
});

describe.skipIf(!here)('the change of the mean loss between two held-out runs', () => {
  test('its 90 % interval holds the measured change in 85 to 99 % of pairs, SlimPajama 122M', async () => {
    const table = await publicTable('dmsl-122M');
    const targets = defaultTargets(table);
    let pairs = 0;
    let held = 0;
    for (const { train, test: heldOut } of splitRuns(table, 'kfold:5', 0).folds) {
      const fitted = fitLaw(selectRows(table, train), bimixTransfer, { uncertainty: true, check: false });
      const problem = makeProblem(fitted, { volume: { unit: 'tokens', value: fitted.volume.largest } });
      const ends = Array.from(heldOut).filter(row => isLastOfRun(table, row));
      const mean = (row: number): number => targets.reduce((sum, target) => sum + lossAt(table, row, target), 0);
      const shares = (row: number): Float64Array => mixtureOfRun(table, table.rowRun[row]);
      ends.forEach((one, i) => {
        for (const other of ends.slice(0, i)) {
          const { from, to } = mixtureGain(fitted, problem, shares(one), shares(other), 0.9);
          const change = mean(one) / mean(other) - 1;
          pairs++;
          if (change >= from && change <= to) held++;
        }
      });
    }
    expect(pairs).toBe(330);
    expect(held / pairs).toBeGreaterThan(0.85);
    expect(held / pairs).toBeLessThan(0.99);
  }, 60_000);
});
