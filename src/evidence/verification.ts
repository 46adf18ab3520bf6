/**
 * A law's predictions against runs made after it was fitted: the strictest test there is, above all of the mixture that the
 * law itself proposed, since an optimum seeks out what the law is too hopeful about.
 */

import { BimixError } from '../errors/index.ts';
import { meanRelativeError, spearman } from '../fitting/index.ts';
import {
  commonUnit,
  type FittedLaw,
  type LossInterval,
  noIntervals,
  predictIntervals,
  predictLosses,
} from '../laws/index.ts';
import { totalVariation } from '../mixture/index.ts';
import { lossAt, mixtureOfRun, type RunTable, runLabel, sameSize } from '../observations/index.ts';
import { rankTrials, type TrialRanking } from './trial-ranking.ts';
import type { VerifiedLoss, VerifiedRun } from './verified-run.ts';

export interface Verification {
  readonly law: string;
  /** How many runs the law was fitted on. */
  readonly fittedOn: number;
  /** In the table's order. */
  readonly runs: readonly VerifiedRun[];
  /** Runs left out because the law was fitted on their mixtures. */
  readonly seen: readonly string[];
  /** Over all losses of all runs. */
  readonly mre: number;
  /** Mean of log observed minus log predicted: above 0, runs end worse than predicted. */
  readonly bias: number;
  /** By evaluation domain. */
  readonly targets: Readonly<Record<string, number>>;
  /** Spearman's rank correlation of the runs' mean losses; null with fewer than three. */
  readonly spearman: number | null;
  /** How the law's choice came out among the runs; null with fewer than two to rank. */
  readonly ranking: TrialRanking | null;
  /** The part of the losses that lie inside their intervals; null where no loss has one. */
  readonly interval: { readonly level: number; readonly coverage: number } | null;
}

/** A target of the law, and its place among the table's evaluation domains. */
interface Target {
  readonly target: string;
  readonly index: number;
}

/** Shares closer than this are one mixture: realized shares of tokens differ from planned ones by a sequence or so. */
const SAME_MIXTURE = 1e-3;

/**
 * @param table runs that the law was not fitted on; those whose mixture it was fitted on are left out and named
 * @param level probability that an interval covers its loss; default 0.9
 * @throws BimixError `invalid-law` when the runs have other training domains or another volume unit, `unknown-domain` when none
 * of the law's targets was measured, `missing-losses` when a run has none of them, `missing-runs` when no run is left
 */
export function verifyLaw(fitted: FittedLaw, table: RunTable, level = 0.9): Verification {
  const toTable = checkedDomains(fitted, table);
  const targets = fitted.targets
    .map(({ target }) => ({ target, index: table.evaluationDomains.indexOf(target) }))
    .filter(({ index }) => index >= 0);
  if (targets.length === 0) {
    const message = `unknown targets: the runs have no losses of ${fitted.targets.map(({ target }) => target).join(', ')}`;
    throw new BimixError('unknown-domain', message, { hint: 'Give runs evaluated on the domains of the law.' });
  }
  const runs: VerifiedRun[] = [];
  const seen: string[] = [];
  for (const row of lastRows(table, targets)) {
    const run = table.rowRun[row];
    const shares = Float64Array.from(toTable, j => mixtureOfRun(table, run)[j]);
    if (fitted.covered.mixtures.some(mixture => totalVariation(mixture, shares) < SAME_MIXTURE)) {
      seen.push(labelOf(table, run));
    } else {
      runs.push(verifiedRun(fitted, table, row, shares, targets, level));
    }
  }
  if (runs.length === 0) {
    throw new BimixError('missing-runs', 'missing runs: the mixtures of all of them were in the fit', {
      hint: 'Give runs of other mixtures, or hold runs out of these with bimix evaluate.',
    });
  }
  const losses = runs.flatMap(run => Object.values(run.losses));
  const means = runs.flatMap(({ mean }) => (mean === null ? [] : [mean]));
  const ofTarget = (target: string) =>
    runs.flatMap(run => (Object.hasOwn(run.losses, target) ? [run.losses[target]] : []));
  return {
    law: fitted.law,
    fittedOn: fitted.covered.runs.length,
    runs,
    seen,
    mre: errorOf(losses),
    bias: losses.reduce((sum, loss) => sum + Math.log(loss.observed / loss.predicted) / losses.length, 0),
    targets: Object.fromEntries(
      targets.flatMap(({ target }) => {
        const measured = ofTarget(target);
        return measured.length === 0 ? [] : [[target, errorOf(measured)]];
      }),
    ),
    ranking: rankTrials(fitted, runs),
    spearman: spearman(
      means.map(mean => mean.predicted),
      means.map(mean => mean.observed),
    ),
    interval: coverageOf(losses, level),
  };
}

/** The size is said where runs differ in it. */
function labelOf({ runs }: RunTable, run: number): string {
  const { name, size } = runs[run];
  return runLabel(name, runs.every(other => other.size === size) ? undefined : size);
}

/** Of each of the law's training domains, its place in the table. */
function checkedDomains(fitted: FittedLaw, table: RunTable): number[] {
  const hint = 'Give runs on the domains that the law was fitted on.';
  const toTable = fitted.trainingDomains.map(domain => table.trainingDomains.indexOf(domain));
  if (toTable.includes(-1) || toTable.length !== table.trainingDomains.length) {
    const message = `invalid law for these runs: it knows the training domains ${fitted.trainingDomains.join(', ')}, the runs have ${table.trainingDomains.join(', ')}`;
    throw new BimixError('invalid-law', message, { hint });
  }
  if (fitted.volume.unit !== 'none' && fitted.volume.unit !== table.volumeUnit) {
    const message = `invalid law for these runs: its volume is in ${fitted.volume.unit}, theirs in ${table.volumeUnit}`;
    throw new BimixError('invalid-law', message, { hint: 'Import the runs with --tokens-per-step, or fit in steps.' });
  }
  const other = table.runs.find(
    ({ size }) => size !== undefined && fitted.size !== undefined && !sameSize(size, fitted.size),
  );
  if (other !== undefined && fitted.sizes === undefined) {
    const message = `invalid law for these runs: it was fitted at ${fitted.size} parameters, ${runLabel(other.name, other.size)} has ${other.size}`;
    throw new BimixError('invalid-law', message, { hint: 'Give runs of the size of the law.' });
  }
  return toTable;
}

/** One row a run: the last that measured a target. */
function lastRows(table: RunTable, targets: readonly Target[]): number[] {
  const last = new Map<number, number>();
  table.rowRun.forEach((run, row) => {
    if (targets.some(({ index }) => !Number.isNaN(lossAt(table, row, index)))) last.set(run, row);
  });
  return [...new Set(table.rowRun)].map(run => {
    const row = last.get(run);
    if (row !== undefined) return row;
    const names = targets.map(({ target }) => target).join(', ');
    throw new BimixError('missing-losses', `missing losses of run "${labelOf(table, run)}": it has none of ${names}`, {
      hint: `Leave it out, --where 'run!=${table.runs[run].name}', or evaluate it on the domains of the law.`,
    });
  });
}

function verifiedRun(
  fitted: FittedLaw,
  table: RunTable,
  row: number,
  shares: Float64Array,
  targets: readonly Target[],
  level: number,
): VerifiedRun {
  const run = table.runs[table.rowRun[row]];
  const size = fitted.sizes === undefined ? undefined : run.size;
  const volume = fitted.volume.unit === 'none' ? fitted.volume.scale : table.rowVolume[row];
  const intervals =
    noIntervals(fitted, volume) === undefined ? predictIntervals(fitted, shares, volume, level, size) : null;
  const predicted = predictLosses(fitted, shares, volume, size);
  const bounds = (interval: LossInterval | undefined) =>
    interval === undefined ? {} : { lower: interval.lower, upper: interval.upper };
  const losses = targets.flatMap(({ target, index }): [string, VerifiedLoss][] => {
    const observed = lossAt(table, row, index);
    if (Number.isNaN(observed)) return [];
    return [[target, { predicted: predicted[target], observed, ...bounds(intervals?.targets[target]) }]];
  });
  const complete = losses.length === fitted.targets.length && commonUnit(fitted) !== null;
  const meanOf = (of: (loss: VerifiedLoss) => number): number =>
    losses.reduce((sum, [, loss]) => sum + of(loss) / losses.length, 0);
  return {
    run: labelOf(table, table.rowRun[row]),
    mixture: Object.fromEntries(fitted.trainingDomains.map((domain, j) => [domain, shares[j]])),
    volume,
    losses: Object.fromEntries(losses),
    mean: complete
      ? {
          predicted: meanOf(loss => loss.predicted),
          observed: meanOf(loss => loss.observed),
          ...bounds(intervals?.mean),
        }
      : null,
    mre: errorOf(losses.map(([, loss]) => loss)),
  };
}

function errorOf(losses: readonly VerifiedLoss[]): number {
  return meanRelativeError(
    losses.map(loss => loss.observed),
    losses.map(loss => loss.predicted),
  );
}

/** Over the losses that have an interval. */
function coverageOf(losses: readonly VerifiedLoss[], level: number): Verification['interval'] {
  const bounded = losses.flatMap(({ observed, lower, upper }) =>
    lower === undefined || upper === undefined ? [] : [observed >= lower && observed <= upper],
  );
  if (bounded.length === 0) return null;
  return { level, coverage: bounded.filter(inside => inside).length / bounded.length };
}
