/**
 * The losses of training runs, as columns. Every importer ends here, every law is fitted from here.
 *
 * Losses are nats per token. Training domains (what a mixture is made of) and evaluation domains (what losses are
 * measured on) are two name spaces; `ownDomain` maps the second to the first.
 */

import { BimixError, didYouMean } from '../errors/index.ts';
import type { Schedule } from './schedule.ts';

/** What `volume` counts: training tokens, optimizer steps, or nothing (one checkpoint a run, volume unknown). */
export type VolumeUnit = 'tokens' | 'steps' | 'none';

/** What an evaluation domain holds in place of a loss in nats per token. Lower is better; an accuracy is kept as 1 - accuracy. */
export type Metric = 'error rate' | 'bits per byte';

export interface Run {
  /** Unique together with `size`. */
  readonly name: string;
  /** Model size in parameters, where known. */
  readonly size?: number;
  readonly seed?: number;
  /** Replicate label, where the table gives one. Runs of one mixture are grouped by the mixture itself. */
  readonly replicate?: string;
}

/** Where a table came from: each input file with its hash, and the importer that read it. */
export interface Provenance {
  readonly format: string;
  readonly inputs: readonly { readonly file: string; readonly sha256: string; readonly bytes: number }[];
  /** bimix's version. */
  readonly version: string;
}

/** R runs, n rows (checkpoints), m training domains, k evaluation domains; rows are sorted by run, then volume. */
export interface RunTable {
  readonly trainingDomains: readonly string[];
  readonly evaluationDomains: readonly string[];
  /** k: index of the training domain each evaluation domain measures, or -1 where there is none. */
  readonly ownDomain: Int32Array;
  /** By evaluation domain: what is measured there instead of a loss; those left out are losses. */
  readonly metrics?: Readonly<Record<string, Metric>>;
  readonly volumeUnit: VolumeUnit;
  /** Tokens in one step, where volume counts steps and it is known. */
  readonly tokensPerStep?: number;
  /** Of all runs, where it is known. */
  readonly schedule?: Schedule;
  /** R runs. */
  readonly runs: readonly Run[];
  /** R x m, row-major: share of tokens of each training domain; each row sums to 1. */
  readonly mixtures: Float64Array;
  /** n: index into `runs`, ascending. */
  readonly rowRun: Int32Array;
  /** n: data volume at the checkpoint, in `volumeUnit`; 1 throughout when the unit is `none`. */
  readonly rowVolume: Float64Array;
  /** n x k, row-major: loss in nats per token, or what `metrics` says; NaN where it was not measured. */
  readonly losses: Float64Array;
  readonly provenance: Provenance;
}

/** n: how many checkpoints the table has. */
export function rowCount(table: RunTable): number {
  return table.rowRun.length;
}

/** The mixture of run `run`: a view of m proportions, not a copy. */
export function mixtureOfRun(table: RunTable, run: number): Float64Array {
  const m = table.trainingDomains.length;
  return table.mixtures.subarray(run * m, (run + 1) * m);
}

/** Loss of evaluation domain `target` at row `row`; NaN where it was not measured. */
export function lossAt(table: RunTable, row: number, target: number): number {
  return table.losses[row * table.evaluationDomains.length + target];
}

/**
 * Indices of the evaluation domains that a fit predicts by default: those with a training domain. Where these measure fewer
 * than half of the training domains, as with tables of benchmarks, all evaluation domains of one unit: the losses, else
 * those in bits per byte, else the error rates.
 */
export function defaultTargets({ trainingDomains, evaluationDomains, ownDomain, metrics = {} }: RunTable): number[] {
  const all = evaluationDomains.map((_, i) => i);
  const own = all.filter(i => ownDomain[i] >= 0);
  const measured = new Set(own.map(i => ownDomain[i])).size;
  if (measured > 0 && 2 * measured >= trainingDomains.length) return own;
  const ofUnit = (unit: Metric | undefined) =>
    all.filter(
      i => (Object.hasOwn(metrics, evaluationDomains[i]) ? metrics[evaluationDomains[i]] : undefined) === unit,
    );
  return [ofUnit(undefined), ofUnit('bits per byte'), ofUnit('error rate')].find(({ length }) => length > 0) ?? all;
}

/**
 * Indices of evaluation domains by name; without names, the default targets.
 *
 * @throws BimixError `unknown-domain` for a name that is no evaluation domain
 */
export function evaluationTargets(table: RunTable, names?: readonly string[]): number[] {
  const chosen = names?.map(name => {
    const index = table.evaluationDomains.indexOf(name);
    if (index >= 0) return index;
    const hint = didYouMean(name, table.evaluationDomains);
    throw new BimixError('unknown-domain', `unknown evaluation domain "${name}"`, { hint });
  });
  return chosen !== undefined && chosen.length > 0 ? chosen : defaultTargets(table);
}

/**
 * The part of a table with only these rows, and only the runs that still have one.
 *
 * @param rows indices of rows to keep, ascending
 */
export function selectRows(table: RunTable, rows: ArrayLike<number>): RunTable {
  const m = table.trainingDomains.length;
  const k = table.evaluationDomains.length;
  const newIndex = new Int32Array(table.runs.length).fill(-1);
  const keptRuns: number[] = [];
  const rowRun = new Int32Array(rows.length);
  const rowVolume = new Float64Array(rows.length);
  const losses = new Float64Array(rows.length * k);
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n];
    const run = table.rowRun[row];
    if (newIndex[run] < 0) newIndex[run] = keptRuns.push(run) - 1;
    rowRun[n] = newIndex[run];
    rowVolume[n] = table.rowVolume[row];
    losses.set(table.losses.subarray(row * k, (row + 1) * k), n * k);
  }
  const mixtures = new Float64Array(keptRuns.length * m);
  keptRuns.forEach((run, index) => {
    mixtures.set(mixtureOfRun(table, run), index * m);
  });
  return { ...table, runs: keptRuns.map(run => table.runs[run]), mixtures, rowRun, rowVolume, losses };
}

/** The part of a table with only the runs for which `keep` holds. */
export function selectRuns(table: RunTable, keep: (run: number) => boolean): RunTable {
  const rows: number[] = [];
  for (let row = 0; row < table.rowRun.length; row++) if (keep(table.rowRun[row])) rows.push(row);
  return selectRows(table, rows);
}
