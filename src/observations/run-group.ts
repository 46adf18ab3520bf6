/** The rows of a draft gathered by run, with mixtures normalized and losses in nats per token. */

import { BimixError, describePlace, type Place } from '../errors/index.ts';
import { normalizeProportions, SUM_TOLERANCE } from '../mixture/index.ts';
import type { Draft, DraftRow, Finding } from './draft.ts';
import { counted, findingOf } from './finding-group.ts';
import { type BytesPerToken, natsConverters } from './loss-unit.ts';
import { metricValue } from './metric.ts';
import { runLabel } from './run-label.ts';

/** Sums this near 1 are rounding of the arithmetic, not of the file: kept to the bit. */
const EXACT_SUM = 1e-12;
/** Sums further off than this are counted as a repair. */
const ROUNDED_SUM = 1e-9;
/** How far the shares of two rows of one run may differ: six decimals, as files round them. */
const SAME_SHARE = 1e-6;

export interface Checkpoint {
  /** In the draft's unit; 1 when there is none. */
  readonly volume: number;
  /** k losses, nats per token; NaN where missing. */
  readonly losses: Float64Array;
  readonly where: Place;
}

export interface RunGroup {
  readonly name: string;
  readonly size: number | undefined;
  readonly seed: number | undefined;
  readonly replicate: string | undefined;
  /** m shares that sum to 1. */
  readonly mixture: Float64Array;
  readonly where: Place;
  /** In file order. */
  readonly checkpoints: Checkpoint[];
}

export interface GroupOptions {
  readonly sumTolerance?: number;
  readonly bytesPerToken?: BytesPerToken;
}

/**
 * Checks every row and gathers them by run name and size, sorted by name as strings, then size.
 *
 * @throws BimixError `invalid-mixture`, `ambiguous-mixture` (two rows of a run differ), `ambiguous-seed`, `invalid-size`,
 * `missing-volume`, `invalid-volume`, `invalid-loss`, `invalid-metric`, each with run, file and line
 */
export function groupRuns(draft: Draft, options: GroupOptions): { groups: RunGroup[]; findings: Finding[] } {
  const { metrics = {} } = draft;
  const toNats = natsConverters(
    draft.lossUnit,
    draft.evaluationDomains,
    options.bytesPerToken,
    domain => !Object.hasOwn(metrics, domain),
  );
  const groups = new Map<string, RunGroup>();
  const readMixtures = new Map<RunGroup, ArrayLike<number>>();
  const sums: { sum: number; item: string }[] = [];
  const untrained: string[] = [];
  const empty: string[] = [];
  for (const row of draft.rows) {
    const key = `${row.size ?? ''}\0${row.run}`;
    const label = runLabel(row.run, row.size);
    let group = groups.get(key);
    if (group === undefined) {
      const { mixture, sum } = readMixture(draft, row, options.sumTolerance);
      if (Math.abs(sum - 1) > ROUNDED_SUM) {
        sums.push({ sum, item: `${at(label, mixturePlace(row))}: summed to ${Number(sum.toPrecision(8))}` });
      }
      group = newGroup(row, mixture);
      groups.set(key, group);
      readMixtures.set(group, row.mixture);
    } else {
      requireSameRun(group, row);
      if (readMixtures.get(group) !== row.mixture) requireSameMixture(draft, group, row, options.sumTolerance);
    }
    const volume = readVolume(draft, row);
    const losses = readLosses(draft, row, toNats);
    if (volume === 0) untrained.push(at(label, row.where));
    else if (losses.every(Number.isNaN)) empty.push(at(label, row.where));
    else group.checkpoints.push({ volume, losses, where: row.where });
  }
  return {
    groups: [...groups.values()].filter(({ checkpoints }) => checkpoints.length > 0).sort(byNameThenSize),
    findings: [
      ...renormalized(sums),
      ...findingOf('repair', 'untrained-checkpoint', untrained, n => {
        return `${counted(n, 'checkpoint')} at volume 0 dropped: laws begin with the first token`;
      }),
      ...findingOf('repair', 'no-losses', empty, n => `${counted(n, 'row')} without a single loss dropped`),
    ],
  };
}

function newGroup(row: DraftRow, mixture: Float64Array): RunGroup {
  if (row.size !== undefined && !(row.size > 0 && Number.isFinite(row.size))) {
    throw new BimixError('invalid-size', `invalid model size ${row.size} of run "${row.run}": expected above 0`, {
      where: row.where,
    });
  }
  const { run: name, size, seed, replicate } = row;
  return { name, size, seed, replicate, mixture, where: mixturePlace(row), checkpoints: [] };
}

/** The shares of a row, normalized, and their sum as read. */
function readMixture(
  draft: Draft,
  row: DraftRow,
  sumTolerance = SUM_TOLERANCE,
): { mixture: Float64Array; sum: number } {
  const mixture = Float64Array.from(row.mixture);
  const options = { sumTolerance, name: row.run, where: mixturePlace(row) };
  const sum = normalizeProportions(draft.trainingDomains, mixture, options);
  return { mixture: Math.abs(sum - 1) <= EXACT_SUM ? Float64Array.from(row.mixture) : mixture, sum };
}

function requireSameMixture(draft: Draft, group: RunGroup, row: DraftRow, sumTolerance?: number): void {
  const { mixture } = readMixture(draft, row, sumTolerance);
  const other = mixture.findIndex((share, j) => Math.abs(share - group.mixture[j]) > SAME_SHARE);
  if (other < 0) return;
  const domain = draft.trainingDomains[other];
  const message = `ambiguous mixture of run "${row.run}": the share of "${domain}" is ${mixture[other]} here and ${group.mixture[other]} at ${describePlace(group.where)}`;
  throw new BimixError('ambiguous-mixture', message, {
    hint: 'A run keeps one mixture. Give runs of different mixtures different names.',
    where: mixturePlace(row),
  });
}

function requireSameRun(group: RunGroup, row: DraftRow): void {
  if (group.seed === row.seed && group.replicate === row.replicate) return;
  const what = group.seed === row.seed ? 'replicate' : 'seed';
  const message = `ambiguous ${what} of run "${row.run}": ${row[what]} here and ${group[what]} at ${describePlace(group.where)}`;
  throw new BimixError('ambiguous-seed', message, {
    hint: 'Give each replicate a run name of its own, for example its run and seed joined.',
    where: row.where,
  });
}

function readVolume(draft: Draft, row: DraftRow): number {
  if (draft.volumeUnit === 'none') return 1;
  const { volume } = row;
  if (volume === undefined || Number.isNaN(volume)) {
    throw new BimixError('missing-volume', `missing ${draft.volumeUnit} of run "${row.run}"`, { where: row.where });
  }
  if (!(volume >= 0 && Number.isFinite(volume))) {
    const message = `invalid ${draft.volumeUnit} ${volume} of run "${row.run}": expected above 0`;
    throw new BimixError('invalid-volume', message, { where: row.where });
  }
  return volume;
}

function readLosses(draft: Draft, row: DraftRow, toNats: readonly ((loss: number) => number)[]): Float64Array {
  return Float64Array.from(draft.evaluationDomains, (domain, i) => {
    const loss = row.losses[i];
    if (Number.isNaN(loss)) return Number.NaN;
    const unit = draft.metrics?.[domain];
    if (unit !== undefined) return metricValue(unit, loss, `"${domain}" in run "${row.run}"`, row.where);
    const nats = toNats[i](loss);
    if (nats > 0 && Number.isFinite(nats)) return nats;
    const rule = draft.lossUnit === 'perplexity' ? 'expected a perplexity above 1' : 'expected a loss above 0';
    throw new BimixError('invalid-loss', `invalid loss ${loss} of "${domain}" in run "${row.run}": ${rule}`, {
      hint: 'Leave the cell empty where the loss is not known, for example after a run diverged.',
      where: row.where,
    });
  });
}

function renormalized(sums: readonly { sum: number; item: string }[]): Finding[] {
  const items = sums.map(({ item }) => item);
  const worst = sums.reduce((a, { sum }) => (Math.abs(sum - 1) > Math.abs(a - 1) ? sum : a), 1);
  return findingOf('repair', 'renormalized', items, n => {
    return `${counted(n, 'mixture')} renormalized to sum to 1; the furthest summed to ${Number(worst.toPrecision(8))}`;
  });
}

function byNameThenSize(a: RunGroup, b: RunGroup): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return (a.size ?? 0) - (b.size ?? 0);
}

function mixturePlace(row: DraftRow): Place {
  return row.mixtureWhere ?? row.where;
}

function at(label: string, where: Place): string {
  const place = describePlace(where);
  return place === '' ? label : `${label} (${place})`;
}
