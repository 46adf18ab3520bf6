/** The lines of a mixinglaws log gathered by checkpoint: sub-domains in, evaluation domains out. */

import { BimixError, describePlace, type Place } from '../errors/index.ts';
import { counted, type DraftRow, type Finding, findingOf, runLabel } from '../observations/index.ts';
import type { LogLine } from './mixinglaws-lines.ts';
import type { Weights } from './mixinglaws-weights.ts';

/** One checkpoint of one run. */
interface LoggedCheckpoint {
  readonly run: string;
  readonly size: number | undefined;
  readonly shares: readonly number[];
  readonly steps: number;
  /** By sub-domain, nats per token. */
  readonly losses: Map<string, number>;
  /** Its first line. */
  readonly where: Place;
}

/**
 * Gathers lines of one run folder and step. Of lines that give the same loss twice the last counts; checkpoints that are
 * called by a word (`last`) are skipped, since nobody knows their step.
 *
 * @throws BimixError `missing-steps` when no checkpoint has a number
 */
export function gatherCheckpoints(lines: readonly LogLine[]): { checkpoints: LoggedCheckpoint[]; findings: Finding[] } {
  const checkpoints = new Map<string, LoggedCheckpoint>();
  const skipped = new Map<string, number>();
  const repeated: string[] = [];
  for (const { run, size, shares, folder, step, subDomain, loss, where } of lines) {
    const label = `${runLabel(run, size)} at step ${step}`;
    if (!/^\d+$/.test(step)) {
      skipped.set(label, (skipped.get(label) ?? 0) + 1);
      continue;
    }
    const key = `${folder}/${Number(step)}`;
    const checkpoint = checkpoints.get(key) ?? { run, size, shares, steps: Number(step), losses: new Map(), where };
    checkpoints.set(key, checkpoint);
    const before = checkpoint.losses.get(subDomain);
    if (before !== undefined) {
      const change = Object.is(before, loss) ? 'the same loss' : `${before} replaced by ${loss}`;
      repeated.push(`${label}, ${subDomain} (${describePlace(where)}): ${change}`);
    }
    checkpoint.losses.set(subDomain, loss);
  }
  if (checkpoints.size === 0) {
    throw new BimixError('missing-steps', `missing steps: no checkpoint is called by a number of steps`, {
      where: lines[0].where,
    });
  }
  const words = Array.from(skipped, ([label, count]) => `${label}: ${counted(count, 'line')}`);
  const findings = [
    ...findingOf('repair', 'duplicate-lines', repeated, n => {
      return `${counted(n, 'line')} for a run, step and sub-domain seen before: the last one was kept`;
    }),
    ...findingOf(
      'repair',
      'unnumbered-checkpoint',
      words,
      n => `${counted(n, 'checkpoint')} without a step number skipped`,
    ),
  ];
  return { checkpoints: [...checkpoints.values()], findings };
}

/**
 * Rows with merged losses: for each group sum(weight x loss) / sum(weight) over its members, missing where a member is;
 * then the sub-domains of no group, by name.
 *
 * @throws BimixError `missing-weight` when a group of several has a member without a weight
 */
export function mergeSubDomains(
  checkpoints: readonly LoggedCheckpoint[],
  groups: Readonly<Record<string, readonly string[]>>,
  weights: Weights,
): { evaluationDomains: string[]; rows: DraftRow[]; findings: Finding[] } {
  const seen = new Set(checkpoints.flatMap(({ losses }) => [...losses.keys()]));
  const grouped = new Set(Object.values(groups).flat());
  const merged = Object.entries(groups).filter(([, members]) => members.some(member => seen.has(member)));
  for (const [group, members] of merged) requireWeights(group, members, weights);
  const others = [...seen].filter(name => !grouped.has(name)).sort();
  const incomplete: string[] = [];
  const rows = checkpoints.map(({ run, size, shares, steps, losses, where }): DraftRow => {
    const partial = merged.flatMap(([group, members]) => {
      const there = members.filter(member => losses.has(member)).length;
      return there > 0 && there < members.length ? [`${group} has ${there} of ${members.length}`] : [];
    });
    if (partial.length > 0) incomplete.push(`${runLabel(run, size)} at step ${steps}: ${partial.join(', ')}`);
    return {
      run,
      ...(size === undefined ? {} : { size }),
      mixture: shares,
      volume: steps,
      losses: [
        ...merged.map(([, members]) => mergedLoss(members, losses, weights)),
        ...others.map(name => losses.get(name) ?? Number.NaN),
      ],
      where,
    };
  });
  return {
    evaluationDomains: [...merged.map(([group]) => group), ...others],
    rows,
    findings: findingOf('note', 'incomplete-group', incomplete, n => {
      return `${counted(n, 'checkpoint')} with some sub-domains of a group only: the merged loss is missing there`;
    }),
  };
}

function requireWeights(group: string, members: readonly string[], weights: Weights): void {
  const without = members.length === 1 ? undefined : members.find(member => !Object.hasOwn(weights, member));
  if (without === undefined) return;
  throw new BimixError('missing-weight', `missing weight of "${without}", one of the sub-domains of "${group}"`, {
    hint: 'Add it to the weight file, or leave the file out to use the published weights.',
  });
}

function mergedLoss(members: readonly string[], losses: ReadonlyMap<string, number>, weights: Weights): number {
  if (members.length === 1) return losses.get(members[0]) ?? Number.NaN;
  let sum = 0;
  let total = 0;
  for (const member of members) {
    sum += weights[member] * (losses.get(member) ?? Number.NaN);
    total += weights[member];
  }
  return sum / total;
}
