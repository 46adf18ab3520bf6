/** From rows as an importer read them to a checked table, with every repair counted and listed. */

import { BimixError, didYouMean } from '../errors/index.ts';
import { checkDomainName } from '../mixture/index.ts';
import { type CheckpointRepairs, tidyCheckpoints } from './checkpoints.ts';
import { type DomainMapping, mapDomains } from './domain-mapping.ts';
import { domainsWithoutPrefix } from './domain-prefix.ts';
import type { Draft, Finding, OnContradiction } from './draft.ts';
import { counted, findingOf } from './finding-group.ts';
import { type BytesPerToken, evaluationUnits } from './loss-unit.ts';
import { metricOf } from './metric.ts';
import { MAX_VOLUME, MIN_VOLUME } from './plausible-values.ts';
import { type Checkpoint, groupRuns, type RunGroup } from './run-group.ts';
import type { Provenance, Run, RunTable } from './run-table.ts';
import { inspectTable } from './table-findings.ts';

export interface AssembleOptions {
  /** How far the proportions of a run may be from summing to 1; default 0.01. */
  readonly sumTolerance?: number;
  /** Mean bytes per token, for losses in bits per byte. */
  readonly bytesPerToken?: BytesPerToken;
  /** Training domain by evaluation domain, over the draft's own mapping and equal names. */
  readonly mapping?: DomainMapping;
  /** What counts where two rows of one run and volume differ; what the draft says by default. */
  readonly onContradiction?: OnContradiction;
  /** Whether names of domains stay as they are read; what the draft says by default. */
  readonly keepsNames?: boolean;
  /** Where the rows came from. */
  readonly provenance: Provenance;
}

/**
 * Checks, mends and sorts a draft. Findings are, in order: what the importer found, repairs, suspicions and notes.
 *
 * @throws BimixError naming run, file and line for anything that has no safe repair
 *
 * @example
 * ```js
 * import { assemble, parseRuns } from 'bimix';
 *
 * const provenance = { format: 'bimix', inputs: [], version: '' };
 * const { findings } = assemble(parseRuns(text.split('\n')), { provenance });
 * ```
 */
export function assembleRuns(read: Draft, options: AssembleOptions): { table: RunTable; findings: Finding[] } {
  const { onContradiction = read.onContradiction } = options;
  checkDomains(read.trainingDomains, 'training');
  checkDomains(read.evaluationDomains, 'evaluation');
  checkMetrics(read.metrics ?? {}, read.evaluationDomains);
  checkTokensPerStep(read.tokensPerStep);
  const named = domainsWithoutPrefix(read, options);
  const { units, findings: unitFindings } = evaluationUnits(named.draft, named.bytesPerToken);
  const metrics = Object.fromEntries(
    units.flatMap(({ domain, metric }) => (metric === undefined ? [] : [[domain, metric]])),
  );
  const draft: Draft = {
    ...named.draft,
    metrics,
    ...(onContradiction === undefined ? {} : { onContradiction }),
  };
  // An accuracy named like a training domain is still no loss on it: only the user can say that they belong together.
  const ofRates = Object.fromEntries(
    Object.entries(metrics).flatMap(([domain, unit]) => (unit === 'bpb' ? [] : [[domain, null]])),
  );
  const mapping = { ...ofRates, ...draft.mapping, ...named.mapping };
  const ownDomain = mapDomains(draft.evaluationDomains, draft.trainingDomains, mapping);
  const { groups, findings } = groupRuns(draft, units, options.sumTolerance);
  const repairs: CheckpointRepairs = { merged: [], conflicting: [], repeated: [] };
  const checkpoints = groups.map(group => {
    if (draft.volumeUnit === 'none' && draft.onContradiction !== 'last') requireOneCheckpoint(group, draft);
    return tidyCheckpoints(group, draft, repairs);
  });
  const table = toTable(draft, ownDomain, groups, checkpoints, options.provenance);
  return {
    table,
    findings: [
      ...draft.findings,
      ...named.findings,
      ...unitFindings,
      ...findings,
      ...repairFindings(repairs),
      ...inspectTable(table),
    ],
  };
}

function checkDomains(domains: readonly string[], side: string): void {
  if (domains.length === 0) throw new BimixError('missing-domains', `missing ${side} domains: there are none`);
  domains.forEach((name, index) => {
    checkDomainName(name);
    if (domains.indexOf(name) === index && name !== '') return;
    const trouble = name === '' ? 'it has no name' : 'it is listed twice';
    throw new BimixError('invalid-domain', `invalid ${side} domain "${name}": ${trouble}`);
  });
}

function checkMetrics(metrics: NonNullable<Draft['metrics']>, domains: readonly string[]): void {
  const unknown = Object.keys(metrics).find(name => !domains.includes(name));
  if (unknown === undefined) return;
  throw new BimixError('unknown-domain', `unknown evaluation domain "${unknown}" among the metrics`, {
    hint: didYouMean(unknown, domains),
  });
}

function checkTokensPerStep(tokens: number | undefined): void {
  if (tokens === undefined || (tokens >= MIN_VOLUME && tokens <= MAX_VOLUME)) return;
  const message = `invalid number of tokens per step ${tokens}: expected ${MIN_VOLUME} to ${MAX_VOLUME}`;
  throw new BimixError('invalid-tokens-per-step', message);
}

/** Without a volume, nothing tells two different rows of a run apart. */
function requireOneCheckpoint({ name, checkpoints }: RunGroup, { explainContradiction }: Draft): void {
  const [first, ...others] = checkpoints;
  const other = others.find(({ losses }) => losses.some((loss, i) => !Object.is(loss, first.losses[i])));
  if (other === undefined) return;
  throw new BimixError('missing-volume', `missing volume: run "${name}" has ${checkpoints.length} rows that differ`, {
    hint: `Say which column counts tokens or steps, or keep one checkpoint of each run. ${explainContradiction?.(first.where, other.where) ?? ''}`.trim(),
    where: other.where,
  });
}

function repairFindings({ merged, conflicting, repeated }: CheckpointRepairs): Finding[] {
  return [
    ...findingOf('repair', 'merged-rows', merged, n => {
      return `${counted(n, 'row')} merged with another of the same run and volume`;
    }),
    ...findingOf('repair', 'conflicting-losses', conflicting, n => {
      return `${counted(n, 'loss')} contradicted by a later row of the same run and volume: the last one was kept`;
    }),
    ...findingOf('repair', 'repeated-checkpoint', repeated, n => {
      return `${counted(n, 'checkpoint')} dropped because the next one repeats it: same losses, volume within 0.2 %`;
    }),
  ];
}

function toTable(
  draft: Draft,
  ownDomain: Int32Array,
  groups: readonly RunGroup[],
  checkpoints: readonly (readonly Checkpoint[])[],
  provenance: Provenance,
): RunTable {
  const m = draft.trainingDomains.length;
  const k = draft.evaluationDomains.length;
  const n = checkpoints.reduce((sum, { length }) => sum + length, 0);
  const mixtures = new Float64Array(groups.length * m);
  const rowRun = new Int32Array(n);
  const rowVolume = new Float64Array(n);
  const losses = new Float64Array(n * k);
  let row = 0;
  groups.forEach((group, run) => {
    mixtures.set(group.mixture, run * m);
    for (const checkpoint of checkpoints[run]) {
      rowRun[row] = run;
      rowVolume[row] = checkpoint.volume;
      losses.set(checkpoint.losses, row * k);
      row++;
    }
  });
  return {
    trainingDomains: draft.trainingDomains,
    evaluationDomains: draft.evaluationDomains,
    ownDomain,
    ...(draft.metrics === undefined || Object.keys(draft.metrics).length === 0
      ? {}
      : { metrics: Object.fromEntries(Object.entries(draft.metrics).map(([name, unit]) => [name, metricOf(unit)])) }),
    volumeUnit: draft.volumeUnit,
    ...(draft.tokensPerStep === undefined ? {} : { tokensPerStep: draft.tokensPerStep }),
    ...(draft.schedule === undefined ? {} : { schedule: draft.schedule }),
    runs: groups.map(toRun),
    mixtures,
    rowRun,
    rowVolume,
    losses,
    provenance,
  };
}

function toRun({ name, size, seed, replicate }: RunGroup): Run {
  return {
    name,
    ...(size === undefined ? {} : { size }),
    ...(seed === undefined ? {} : { seed }),
    ...(replicate === undefined ? {} : { replicate }),
  };
}
