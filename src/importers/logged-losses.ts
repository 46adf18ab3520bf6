/** Losses that trainers logged one by one, gathered into checkpoints and joined with the mixtures of their runs. */

import { BimixError, describePlace, didYouMean, type Place } from '../errors/index.ts';
import { counted, type Draft, type DraftRow, type Finding, findingOf, type MetricUnit } from '../observations/index.ts';
import type { RunMixture, RunMixtures } from './run-mixtures.ts';

/** One value of one evaluation domain at one checkpoint. */
export interface LoggedLoss {
  /** What its run may be called, likeliest first; the first that has a mixture counts, else the very first. */
  readonly runs: readonly string[];
  /** In the draft's volume unit; left out when that is `none`. */
  readonly volume?: number;
  readonly domain: string;
  /** NaN or infinite where the run broke: a loss that was not measured is no `LoggedLoss`. */
  readonly loss: number;
  readonly where: Place;
}

interface OpenCheckpoint {
  readonly run: string;
  readonly mixture: RunMixture;
  readonly volume: number | undefined;
  readonly where: Place;
  readonly losses: Map<string, number>;
}

export interface LoggedRuns extends Pick<Draft, 'format' | 'volumeUnit' | 'tokensPerStep' | 'keepsNames'> {
  /** In the order they were logged: of two for one checkpoint the later counts. */
  readonly losses: readonly LoggedLoss[];
  readonly metrics?: Readonly<Record<string, MetricUnit>>;
  readonly findings?: readonly Finding[];
  /** Paths of files that were looked into for these domains; those without any are listed. */
  readonly logs?: readonly string[];
}

/**
 * @throws BimixError `missing-runs` when no run has a mixture
 */
export function draftOfLogs(logged: LoggedRuns, { trainingDomains, byRun }: RunMixtures): Draft {
  const { losses, findings = [], logs = [], metrics, format, volumeUnit, tokensPerStep, keepsNames } = logged;
  const evaluationDomains = [...new Set(losses.map(({ domain }) => domain))];
  const checkpoints = new Map<string, OpenCheckpoint>();
  const unmatched = new Map<string, string>();
  const again: string[] = [];
  const conflicting: string[] = [];
  const broken: string[] = [];
  for (const { runs, volume, domain, loss, where } of losses) {
    const run = runs.find(name => byRun.has(name));
    if (run === undefined) {
      unmatched.set(`${where.file}\0${runs[0]}`, `${where.file}: no mixture for ${possibleNames(runs)}`);
      continue;
    }
    const key = JSON.stringify([run, volume]);
    const mixture = byRun.get(run) as RunMixture;
    const checkpoint = checkpoints.get(key) ?? { run, mixture, volume, where, losses: new Map<string, number>() };
    checkpoints.set(key, checkpoint);
    const value = Number.isFinite(loss) ? loss : Number.NaN;
    const item = `${run}, ${domain} (${describePlace(where)})`;
    if (Number.isNaN(value)) broken.push(`${item}: ${loss}`);
    const before = checkpoint.losses.get(domain);
    if (before !== undefined) {
      if (Object.is(before, value)) again.push(item);
      else conflicting.push(`${item}: ${before} replaced by ${loss}`);
    }
    checkpoint.losses.set(domain, value);
  }
  if (checkpoints.size === 0) throw unjoined(losses, byRun);
  const measured = new Set([...checkpoints.values()].map(({ run }) => run));
  const held = new Set(losses.map(({ where }) => where.file));
  const empty = logs.filter(path => !held.has(path));
  const unused = [...byRun.keys()].filter(run => !measured.has(run)).map(run => `run "${run}"`);
  return {
    format,
    trainingDomains,
    evaluationDomains,
    volumeUnit,
    ...(tokensPerStep === undefined ? {} : { tokensPerStep }),
    lossUnit: 'nats',
    ...(keepsNames === undefined ? {} : { keepsNames }),
    ...(metrics === undefined ? {} : { metrics }),
    rows: [...checkpoints.values()].map(checkpoint => draftRow(checkpoint, evaluationDomains)),
    findings: [
      ...findings,
      ...findingOf(
        'repair',
        'merged-losses',
        again,
        n => `${counted(n, 'loss')} logged again with the same value merged`,
      ),
      ...findingOf('repair', 'conflicting-losses', conflicting, n => {
        return `${counted(n, 'loss')} logged again with another value, as a resumed run does: the last one was kept`;
      }),
      ...findingOf('suspicion', 'broken-losses', broken, n => {
        return `${counted(n, 'loss')} NaN or infinite and treated as missing: did the run diverge?`;
      }),
      ...findingOf('repair', 'unmatched-losses', [...unmatched.values()], n => {
        return `losses of ${counted(n, 'run')} dropped: no mixture is given for them`;
      }),
      ...findingOf('note', 'logs-without-losses', empty, n => {
        return `${counted(n, 'file')} without a loss of ${evaluationDomains.slice(0, 3).join(', ')}${evaluationDomains.length > 3 ? ', ...' : ''}`;
      }),
      ...findingOf('note', 'unmatched-mixtures', unused, n => `${counted(n, 'mixture')} without losses`),
    ],
  };
}

function draftRow(checkpoint: OpenCheckpoint, evaluationDomains: readonly string[]): DraftRow {
  const { run, mixture, volume, where, losses } = checkpoint;
  return {
    run,
    ...mixture.facts,
    mixture: mixture.shares,
    ...(volume === undefined ? {} : { volume }),
    losses: Float64Array.from(evaluationDomains, domain => losses.get(domain) ?? Number.NaN),
    where,
    mixtureWhere: mixture.where,
  };
}

function unjoined(losses: readonly LoggedLoss[], byRun: ReadonlyMap<string, RunMixture>): BimixError {
  const { runs, where } = losses[0];
  return new BimixError('missing-runs', `missing runs: no mixture is given for ${possibleNames(runs)}`, {
    hint: `Logs are joined with mixtures by the name of the run. ${didYouMean(runs[0], byRun.keys())}`,
    where,
  });
}

/** What a run may be called, in words. */
export function possibleNames(runs: readonly string[]): string {
  return runs
    .slice(0, 4)
    .map(name => `"${name}"`)
    .join(' or ');
}

/**
 * What the run of a file that does not name it may be called: the file without its endings, then the folders it lies in, the
 * nearest first.
 */
export function runNamesOfPath(path: string): string[] {
  const parts = path.split(/[\\/]/).filter(part => part !== '' && part !== '.' && part !== '..');
  const file = parts.pop() ?? path;
  const stem = file.replace(/\.gz$/i, '');
  const bare = stem.replace(/\.[A-Za-z]\w*$/, '');
  return [...new Set([bare, stem, ...parts.reverse()])];
}
