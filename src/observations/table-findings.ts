/** What is worth knowing about a table before fitting a law to it. Changes nothing. */

import type { Finding } from './draft.ts';
import { counted, findingOf } from './finding-group.ts';
import { runLabel, volumeLabel } from './run-label.ts';
import { defaultTargets, lossAt, mixtureOfRun, type RunTable, rowCount } from './run-table.ts';

/** A run's last mean loss this far above its lowest earlier one is suspicious. */
const RISE = 0.005;
/** A domain whose share moves less than this over all runs never varies. */
const VARIES = 1e-6;

/** Suspicions first, then notes. */
export function inspectTable(table: RunTable): Finding[] {
  return [
    ...risingLosses(table),
    ...constantShares(table),
    ...singleCheckpoints(table),
    ...zeroShares(table),
    ...missingLosses(table),
    ...unmappedDomains(table),
    ...replicates(table),
  ];
}

function risingLosses(table: RunTable): Finding[] {
  const own = defaultTargets(table);
  const targets = own.length > 0 ? own : table.evaluationDomains.map((_, i) => i);
  const items: string[] = [];
  for (const [first, end] of rowsOfRuns(table)) {
    const means = Array.from({ length: end - first }, (_, i) => meanLoss(table, first + i, targets));
    const last = means[means.length - 1];
    const earlier = means.slice(0, -1).filter(mean => !Number.isNaN(mean));
    const lowest = Math.min(...earlier);
    if (!(last > lowest * (1 + RISE))) continue;
    const row = first + means.indexOf(lowest);
    const when = volumeLabel(table.rowVolume[row], table.volumeUnit);
    items.push(`${labelOf(table, table.rowRun[row])}: ends at ${last.toFixed(4)}, was ${lowest.toFixed(4)} at ${when}`);
  }
  return findingOf('suspicion', 'rising-losses', items, n => {
    return `${counted(n, 'run')} with losses that rise at the end: the mean over targets is more than 0.5 % above its lowest`;
  });
}

/** Over targets: the mapped domains, or all when none is mapped; NaN when one is missing. */
function meanLoss(table: RunTable, row: number, targets: readonly number[]): number {
  return targets.reduce((sum, target) => sum + lossAt(table, row, target), 0) / targets.length;
}

function constantShares(table: RunTable): Finding[] {
  const items = table.trainingDomains.flatMap((domain, j) => {
    const shares = table.runs.map((_, run) => mixtureOfRun(table, run)[j]);
    const smallest = shares.reduce((a, b) => Math.min(a, b));
    const largest = shares.reduce((a, b) => Math.max(a, b));
    return largest - smallest < VARIES ? [`${domain}: ${Number(smallest.toPrecision(6))} in every run`] : [];
  });
  return findingOf('suspicion', 'constant-share', items, n => {
    const runs = counted(table.runs.length, 'run');
    return `${counted(n, 'training domain')} with the same share of tokens in all ${runs}: these runs cannot show its effect`;
  });
}

function singleCheckpoints(table: RunTable): Finding[] {
  if (table.volumeUnit === 'none') return [];
  const items = rowsOfRuns(table).flatMap(([first, end], run) => (end - first === 1 ? [labelOf(table, run)] : []));
  return findingOf('note', 'single-checkpoint', items, n => `${counted(n, 'run')} with a single checkpoint`);
}

function zeroShares(table: RunTable): Finding[] {
  const items = table.trainingDomains.flatMap((domain, j) => {
    const zeros = table.runs.filter((_, run) => mixtureOfRun(table, run)[j] === 0).length;
    return zeros === 0 ? [] : [`${domain}: ${zeros} of ${counted(table.runs.length, 'run')}`];
  });
  return findingOf('note', 'zero-share', items, n => `${counted(n, 'training domain')} with a share of 0 in some runs`);
}

function missingLosses(table: RunTable): Finding[] {
  const items = table.evaluationDomains.flatMap((domain, i) => {
    let missing = 0;
    for (let row = 0; row < rowCount(table); row++) if (Number.isNaN(lossAt(table, row, i))) missing++;
    return missing === 0 ? [] : [`${domain}: ${missing} of ${counted(rowCount(table), 'checkpoint')}`];
  });
  return findingOf('note', 'missing-losses', items, n => `${counted(n, 'evaluation domain')} with missing losses`);
}

function unmappedDomains(table: RunTable): Finding[] {
  const evaluation = table.evaluationDomains.filter((_, i) => table.ownDomain[i] < 0);
  const training = table.trainingDomains.filter((_, j) => !table.ownDomain.includes(j));
  return [
    ...findingOf('note', 'unmapped-evaluation-domain', evaluation, n => {
      return `${counted(n, 'evaluation domain')} without a training domain of its own`;
    }),
    ...findingOf('note', 'unmeasured-training-domain', training, n => {
      return `${counted(n, 'training domain')} without an evaluation domain`;
    }),
  ];
}

function replicates(table: RunTable): Finding[] {
  const groups = new Map<string, number[]>();
  table.runs.forEach(({ size }, run) => {
    const shares = Array.from(mixtureOfRun(table, run), share => Math.round(share / VARIES));
    const key = `${size ?? ''}|${shares.join()}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  });
  const items = [...groups.values()].flatMap(runs => {
    return runs.length === 1 ? [] : [runs.map(run => labelOf(table, run)).join(', ')];
  });
  return findingOf('note', 'replicates', items, n => `${counted(n, 'mixture')} trained by more than one run`);
}

/** First row and end of each run. */
function rowsOfRuns(table: RunTable): [number, number][] {
  const spans: [number, number][] = table.runs.map(() => [-1, -1]);
  table.rowRun.forEach((run, row) => {
    if (spans[run][0] < 0) spans[run][0] = row;
    spans[run][1] = row + 1;
  });
  return spans;
}

function labelOf(table: RunTable, run: number): string {
  return runLabel(table.runs[run].name, table.runs[run].size);
}
