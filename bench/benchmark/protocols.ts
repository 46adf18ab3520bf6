/**
 * What the benchmark measures, as cells.
 *
 * - E1: whole runs held out in five folds, every law.
 * - E2: last checkpoints from those up to 50 and 80 % of the volume.
 * - E3: few training runs, all others predicted.
 * - E5: a larger model from smaller ones, with and without one run of it.
 *
 * E4, ranking mixtures for a far larger model, needs RegMix's larger runs, which are not among the tables.
 */

import { describeRuns } from '../../src/cli/selected-runs.ts';
import {
  carried,
  type Forecaster,
  lawForecaster,
  meanBaseline,
  nearestBaseline,
  offsetForecaster,
} from '../../src/evidence/index.ts';
import { fitLaw } from '../../src/fitting/index.ts';
import { type FittedLaw, findLaw, isStack, knownLaws } from '../../src/laws/index.ts';
import { formatQuantity } from '../../src/mixture/index.ts';
import {
  defaultTargets,
  drawFold,
  modelSizes,
  parseWhere,
  type RunTable,
  type Split,
  selectWhere,
  splitRuns,
} from '../../src/observations/index.ts';
import { LATE_ROWS, type PublicTableName, SIZE_PAIRS, SIZES, together } from '../../test/public-tables.ts';
import type { Cell, ProtocolName } from './cell.ts';

export const PROTOCOLS: readonly ProtocolName[] = ['E1', 'E2', 'E3', 'E5'];
export const SEED = 0;
/** Draws of training runs at each number of them, with neighbouring seeds. */
export const DRAWS = 5;
export const LEVEL = 0.9;

export type Tables = ReadonlyMap<PublicTableName, RunTable>;

export interface Scope {
  /** A small slice that touches every protocol. */
  readonly quick: boolean;
}

/** Numbers of training runs in E3. */
const FEW_RUNS: Partial<Record<PublicTableName, readonly number[]>> = {
  '5Mix-70M': [4, 8, 16],
  'RedPajama-70M': [4, 8, 16, 32],
  'dmsl-122M': [4, 8, 16, 32],
  'regmix-train-1m': [8, 32, 128],
};
/** Group of the cells of E5 in which no run of the larger model is fitted. */
const NO_RUN = 'No run of the larger model';
const BIG_RUNS = [1, 2, 4, 8];

/** On runs of one size this law is `bimix-transfer`. */
const ONLY_ACROSS_SIZES = 'bimix-transfer-size';
const QUICK_LAWS = ['bimix', 'bimix-eps', 'bimix-transfer'];
const LATE_LAWS = ['bimix', 'bimix-eps', 'bimix-transfer', 'bimix-skills', 'shukor'];
const FEW_RUNS_LAWS = [
  'bimix',
  'bimix-eps',
  'bimix-transfer',
  'bimix-skills',
  'shukor',
  'log-linear',
  'trees',
  'gp',
  'hybrid',
  'stack',
];

/** How much longer than `bimix-transfer` laws take, roughly. */
const EFFORT: Readonly<Record<string, number>> = { 'bimix-skills': 3, trees: 2, gp: 2, hybrid: 3, stack: 12 };

export function cellsOf(protocol: ProtocolName, tables: Tables, scope: Scope): Cell[] {
  switch (protocol) {
    case 'E1':
      return [...tables].flatMap(([name, table]) => wholeRuns(name, table, scope));
    case 'E2':
      return [...tables].flatMap(([name, table]) => lateCheckpoints(name, table, scope));
    case 'E3':
      return [...tables].flatMap(([name, table]) => fewRuns(name, table, scope));
    case 'E5':
      return [...SIZE_PAIRS.flatMap(([small, big]) => fewBigRuns(small, big, tables, scope)), ...largerModel(tables)];
  }
}

function wholeRuns(name: PublicTableName, table: RunTable, { quick }: Scope): Cell[] {
  const names = quick
    ? QUICK_LAWS
    : knownLaws()
        .map(law => law.name)
        .filter(law => law !== ONLY_ACROSS_SIZES);
  const place = {
    ...({ protocol: 'E1', group: '', column: name, table, interval: LEVEL } as const),
    measuredOn: `${describe(table)}; all held out once`,
    splits: [splitRuns(table, 'kfold:5', SEED)],
  };
  return [
    ...names.map(law => cell({ ...place, row: law, forecaster: () => withIntervals(law) })),
    ...[meanBaseline, nearestBaseline].map(baseline => baselineCell(place, baseline)),
  ];
}

function lateCheckpoints(name: PublicTableName, whole: RunTable, { quick }: Scope): Cell[] {
  const where = LATE_ROWS[name];
  if (where === undefined) return [];
  const table = selectWhere(whole, parseWhere(where));
  return (quick ? [0.8] : [0.5, 0.8]).flatMap(fraction => {
    const place = {
      ...({ protocol: 'E2', group: `From the first ${100 * fraction} %`, column: name, table } as const),
      measuredOn: `${describe(table)}; of the rows above, ${where}`,
      splits: [splitRuns(table, `after:${fraction}`, SEED)],
    };
    const laws = quick ? QUICK_LAWS : LATE_LAWS;
    return [
      ...laws.flatMap(law => [
        cell({ ...place, row: law, forecaster: () => lawForecaster(findLaw(law)) }),
        cell({ ...place, row: `${law} + run offset`, forecaster: () => offsetForecaster(findLaw(law)) }),
      ]),
      baselineCell(place, nearestBaseline),
    ];
  });
}

function fewRuns(name: PublicTableName, table: RunTable, { quick }: Scope): Cell[] {
  const counts = FEW_RUNS[name] ?? [];
  return (quick ? counts.slice(0, 1) : counts).flatMap(count => {
    const place = {
      ...({ protocol: 'E3', group: name, column: `${count} runs`, table } as const),
      measuredOn: `${describe(table)}; ${DRAWS} draws, all runs that were not drawn predicted`,
      splits: Array.from({ length: DRAWS }, (_, draw): Split => drawn(table, count, SEED + draw)),
    };
    return [
      ...(quick ? QUICK_LAWS : FEW_RUNS_LAWS).map(law =>
        cell({ ...place, row: law, forecaster: () => lawForecaster(findLaw(law)) }),
      ),
      ...[meanBaseline, nearestBaseline].map(baseline => baselineCell(place, baseline)),
    ];
  });
}

function fewBigRuns(small: PublicTableName, big: PublicTableName, tables: Tables, { quick }: Scope): Cell[] {
  const [from, table] = [tables.get(small), tables.get(big)];
  if (from === undefined || table === undefined) return [];
  const priors = new Map<string, FittedLaw>();
  const withPrior = (name: string): Forecaster => {
    const law = findLaw(name);
    const prior = priors.get(name) ?? fitLaw(from, law, { uncertainty: true });
    priors.set(name, prior);
    return lawForecaster(law, { prior });
  };
  return (quick ? BIG_RUNS.slice(0, 1) : BIG_RUNS).flatMap(count => {
    const place = {
      ...({
        protocol: 'E5',
        group: `${small} to ${big}`,
        column: count === 1 ? '1 run' : `${count} runs`,
        table,
      } as const),
      measuredOn: `prior: ${describe(from)}; fitted and predicted: ${describe(table)}`,
      splits: splitRuns(table, `draw:${count}`, SEED).folds.map(fold => ({
        ...{ name: 'draw', meaning: '', holdsOutRuns: true, folds: [fold] },
      })),
    };
    return ['bimix-transfer', 'bimix-eps'].flatMap(law => [
      cell({ ...place, row: `${law}, prior`, forecaster: () => withPrior(law), effort: 10 }),
      cell({ ...place, row: law, forecaster: () => lawForecaster(findLaw(law)) }),
    ]);
  });
}

function largerModel(tables: Tables): Cell[] {
  const present = SIZES.map(name => tables.get(name));
  if (!present.every(table => table !== undefined)) return [];
  const table = together(present);
  const sizes = modelSizes(table);
  const place = {
    ...({ protocol: 'E5', group: NO_RUN, table } as const),
    column: `${SIZES.at(-1)} from ${SIZES.slice(0, -1).join(', ')}`,
    measuredOn: describe(table),
    splits: [splitRuns(table, `size:${formatQuantity(sizes[sizes.length - 1])}`, SEED)],
  };
  return [
    ...['bimix-transfer-size', 'shukor-joint'].map(law =>
      cell({ ...place, row: law, forecaster: () => lawForecaster(findLaw(law)) }),
    ),
    cell({
      ...place,
      row: 'bimix-transfer, carried',
      forecaster: () => carried(lawForecaster(findLaw('bimix-transfer'))),
    }),
    cell({ ...place, row: 'nearest, carried', forecaster: () => carried(nearestBaseline), effort: 0 }),
  ];
}

/** Intervals of laws that a regression corrects take many fits, and are left out. */
function withIntervals(name: string): Forecaster {
  const law = findLaw(name);
  return lawForecaster(law, { uncertainty: isStack(law) || law.correction === undefined });
}

type Place = Omit<Cell, 'row' | 'forecaster' | 'effort'>;

function baselineCell(place: Place, baseline: Forecaster): Cell {
  return cell({ ...place, row: baseline.name, forecaster: () => baseline, effort: 0 });
}

/** @param effort times that of one fit, where it is not the law's own */
function cell({ effort, ...of }: Omit<Cell, 'effort'> & { readonly effort?: number }): Cell {
  const rows = of.splits.flatMap(({ folds }) => folds).reduce((sum, { train }) => sum + train.length, 0);
  const fit = rows * defaultTargets(of.table).length * of.table.trainingDomains.length;
  return { ...of, effort: fit * (effort ?? EFFORT[of.row] ?? 1) };
}

function drawn(table: RunTable, count: number, seed: number): Split {
  return { name: 'draw', meaning: '', holdsOutRuns: true, folds: [drawFold(table, count, seed)] };
}

function describe(table: RunTable): string {
  return describeRuns(table, modelSizes(table).map(formatQuantity).join(', '));
}
