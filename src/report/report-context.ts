/** What all sections and figures of a report share: the runs of the reported law, names in order, colours, phrases. */

import { domainPalette, formatCount, formatVolume, groupDigits, type Palette } from '../charts/index.ts';
import { BimixError } from '../errors/index.ts';
import type { LawEvidence } from '../evidence/index.ts';
import { type FittedLaw, type FittedTarget, findLaw, type Law, type Stack } from '../laws/index.ts';
import { formatQuantity, namedValue } from '../mixture/index.ts';
import { mixtureOfRun, type RunTable, rowCount, sameSize, selectRuns } from '../observations/index.ts';
import { type ComparisonContext, comparisonContext } from './comparison/index.ts';
import { type EntropyContext, entropyContext } from './entropy/index.ts';
import type { ReportInput } from './report-input.ts';

export interface ReportContext {
  readonly input: ReportInput;
  /** The reported law. */
  readonly fitted: FittedLaw;
  readonly law: Law | Stack;
  /** The runs the law can speak of: those of its model size. */
  readonly table: RunTable;
  /** Held-out figures of the reported law; null when there are none. */
  readonly heldOut: LawEvidence | null;
  /** Training domains, largest proposed share first (or largest mean share of the runs). */
  readonly domains: readonly string[];
  /** Fitted targets in the order of their own domains. */
  readonly targets: readonly FittedTarget[];
  /** By training domain. */
  readonly domainColours: Palette;
  /** By evaluation domain: the colour of its own training domain. */
  readonly targetColours: Palette;
  /** m: a mixture in the middle of the report's matter: the proposed one, or the mean of the runs. */
  readonly centre: Float64Array;
  /** What `input.comparison` is shown with; null without it. */
  readonly comparison: ComparisonContext | null;
  /** What `input.entropy` is shown with; null without it. */
  readonly entropy: EntropyContext | null;
  /** `60 runs of 122M parameters, each measured at 9 to 10 checkpoints up to 25.9B tokens`. */
  readonly measuredOn: string;
}

/**
 * @throws BimixError `missing-law` without a law, `invalid-law` when it was fitted on other domains than the table's,
 *   `missing-runs` when the table has no run of its size
 */
export function reportContext(input: ReportInput): ReportContext {
  const fitted = input.fitted[0];
  if (fitted === undefined) throw new BimixError('missing-law', 'missing law: a report needs one', { hint: FIT_HINT });
  checkDomains(fitted, input.table);
  const table = runsOfLaw(fitted, input.table);
  const centre = centreOf(input, table);
  const shareOf = new Map(table.trainingDomains.map((domain, j) => [domain, centre[j]]));
  const domains = [...table.trainingDomains].sort((a, b) => (shareOf.get(b) ?? 0) - (shareOf.get(a) ?? 0));
  const rank = (target: FittedTarget): number => (target.own === null ? domains.length : domains.indexOf(target.own));
  const targets = [...fitted.targets].sort((a, b) => rank(a) - rank(b));
  const orphans = targets.filter(target => target.own === null).map(target => `\0${target.target}`);
  const colours = domainPalette([...domains, ...orphans]);
  const targetColours = new Map(
    targets.map(({ target, own }) => [target, colours.get(own === null ? `\0${target}` : own) as string]),
  );
  return {
    input,
    fitted,
    law: findLaw(fitted.law),
    table,
    heldOut: input.evidence?.laws.find(law => law.kind === 'law' && law.law === fitted.law) ?? null,
    domains,
    targets,
    domainColours: new Map(domains.map(domain => [domain, colours.get(domain) as string])),
    targetColours,
    centre,
    comparison: input.comparison === null ? null : comparisonContext(input.comparison, '', targetColours),
    entropy: input.entropy === null ? null : entropyContext(input.entropy, domains),
    measuredOn: measuredOn(table),
  };
}

const FIT_HINT = 'Make one with bimix fit.';

function checkDomains(fitted: FittedLaw, table: RunTable): void {
  const same =
    fitted.trainingDomains.length === table.trainingDomains.length &&
    fitted.trainingDomains.every((domain, j) => domain === table.trainingDomains[j]);
  if (!same) {
    throw new BimixError(
      'invalid-law',
      `invalid law for these runs: it was fitted on the training domains ${fitted.trainingDomains.join(', ')}, the runs have ${table.trainingDomains.join(', ')}`,
      { hint: 'Give the runs that the law was fitted on.' },
    );
  }
  const unknown = fitted.targets.find(({ target }) => !table.evaluationDomains.includes(target));
  if (unknown !== undefined) {
    throw new BimixError(
      'invalid-law',
      `invalid law for these runs: they have no losses of its target "${unknown.target}"`,
      { hint: 'Give the runs that the law was fitted on.' },
    );
  }
}

function runsOfLaw(fitted: FittedLaw, table: RunTable): RunTable {
  const { size } = fitted;
  if (size === undefined || table.runs.every(run => run.size === size)) return table;
  const selected = selectRuns(table, run => {
    const other = table.runs[run].size;
    return other !== undefined && sameSize(other, size);
  });
  if (selected.runs.length === 0) {
    throw new BimixError('missing-runs', `missing runs of ${formatQuantity(size)} parameters, the size of the law`, {
      hint: 'Give the runs that the law was fitted on.',
    });
  }
  return selected;
}

function centreOf({ proposal }: ReportInput, table: RunTable): Float64Array {
  if (proposal !== null)
    return Float64Array.from(table.trainingDomains, domain => namedValue(proposal.mixture, domain) ?? 0);
  const mean = new Float64Array(table.trainingDomains.length);
  table.runs.forEach((_, run) => {
    mixtureOfRun(table, run).forEach((share, j) => {
      mean[j] += share / table.runs.length;
    });
  });
  return mean;
}

function measuredOn(table: RunTable): string {
  const sizes = new Set(table.runs.map(run => run.size));
  const [size] = sizes;
  const perRun = new Int32Array(table.runs.length);
  for (const run of table.rowRun) perRun[run]++;
  const fewest = perRun.reduce((a, b) => Math.min(a, b));
  const most = perRun.reduce((a, b) => Math.max(a, b));
  const checkpoints = fewest === most ? formatCount(most, 'checkpoint') : `${fewest} to ${most} checkpoints`;
  const inAll = most === 1 ? '' : ` (${groupDigits(rowCount(table))} in all)`;
  const largest = table.rowVolume.reduce((a, b) => Math.max(a, b), 0);
  const upTo = table.volumeUnit === 'none' ? '' : `, up to ${formatVolume(largest, table.volumeUnit)}`;
  const ofSize = sizes.size === 1 && size !== undefined ? ` of ${formatQuantity(size)} parameters` : '';
  return `${formatCount(table.runs.length, 'run')}${ofSize}, ${checkpoints} each${inAll}${upTo}`;
}
