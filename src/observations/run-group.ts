/** The rows of a draft gathered by run, with mixtures normalized and losses in nats per token. */

import { BimixError, describePlace, type Place } from '../errors/index.ts';
import type { Draft, DraftRow, Finding } from './draft.ts';
import { mixturePlace, RowReader } from './draft-row.ts';
import type { EvaluationUnit } from './loss-unit.ts';

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

/**
 * Checks every row and gathers them by run name and size, sorted by name as strings, then size.
 *
 * @param units of the evaluation domains, in the draft's order
 * @throws BimixError `invalid-mixture`, `ambiguous-mixture` (two rows of a run differ), `ambiguous-seed`, `invalid-size`,
 * `missing-volume`, `invalid-volume`, `invalid-loss`, `invalid-metric`, each with run, file and line; `missing-losses` where no
 * row is left
 */
export function groupRuns(
  draft: Draft,
  units: readonly EvaluationUnit[],
  sumTolerance?: number,
): { groups: RunGroup[]; findings: Finding[] } {
  const reader = new RowReader(draft, units, sumTolerance);
  const groups = new Map<string, RunGroup>();
  const readMixtures = new Map<RunGroup, ArrayLike<number>>();
  for (const row of draft.rows) {
    const losses = reader.losses(row);
    const volume = losses === undefined ? undefined : reader.volume(row);
    if (losses === undefined || volume === undefined) continue;
    const key = `${row.size ?? ''}\0${row.run}`;
    let group = groups.get(key);
    if (group === undefined) {
      const { run: name, size, seed, replicate } = row;
      reader.checkSize(row);
      group = {
        name,
        size,
        seed,
        replicate,
        mixture: reader.mixture(row, true),
        where: mixturePlace(row),
        checkpoints: [],
      };
      groups.set(key, group);
      readMixtures.set(group, row.mixture);
    } else {
      requireSameRun(group, row);
      if (readMixtures.get(group) !== row.mixture) requireSameMixture(draft, group, row, reader.mixture(row, false));
    }
    group.checkpoints.push({ volume, losses, where: row.where });
  }
  if (groups.size === 0) throw reader.nothingLeft();
  return { groups: [...groups.values()].sort(byNameThenSize), findings: reader.findings() };
}

function requireSameMixture(draft: Draft, group: RunGroup, row: DraftRow, mixture: Float64Array): void {
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
  const message = `ambiguous ${what} of run "${row.run}": ${row[what] ?? 'none'} here and ${group[what] ?? 'none'} at ${describePlace(group.where)}`;
  throw new BimixError('ambiguous-seed', message, {
    hint: 'Give each replicate a run name of its own, for example its run and seed joined.',
    where: row.where,
  });
}

function byNameThenSize(a: RunGroup, b: RunGroup): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return (a.size ?? 0) - (b.size ?? 0);
}
