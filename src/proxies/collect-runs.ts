/** The losses of a folder's runs as one checked table. */

import { BimixError } from '../errors/index.ts';
import { bimixVersion, readInputFile } from '../files/index.ts';
import { namedValue } from '../mixture/index.ts';
import {
  assembleRuns,
  counted,
  type DraftRow,
  type Finding,
  type LossUnit,
  type MetricUnit,
  type RunTable,
  type Schedule,
  type VolumeUnit,
} from '../observations/index.ts';
import { type CollectOptions, leftOut, type MeasuredRun, ofRuns, unknownWeights } from './collect-findings.ts';
import type { CommandTrainer, Project } from './project.ts';
import { LOG_FORMAT } from './project-trainer.ts';
import type { RunLosses } from './run-losses.ts';
import type { RunState } from './run-state.ts';

export interface CollectedRuns {
  readonly table: RunTable;
  /** What was left out comes first. */
  readonly findings: readonly Finding[];
}

/** The runs of one folder. */
export interface RunSet {
  readonly project: Project;
  readonly trainingDomains: readonly string[];
  readonly states: readonly RunState[];
}

/** One run's losses, ready for the table. */
interface CollectedRun extends MeasuredRun {
  readonly set: RunSet;
}

/**
 * Volume is training tokens where they are known. Mixtures are the shares as they were drawn where they were counted, else those
 * of the plan.
 *
 * @param sets of one or more folders
 * @throws BimixError `missing-losses` when no run has any, `ambiguous-domains` when folders differ in training domains,
 * `ambiguous-losses` when one log serves two runs, `ambiguous-volume` when runs count in different units, what was found reading a finished run's losses, and as `assembleRuns`
 */
export async function collectRuns(sets: readonly RunSet[], options: CollectOptions = {}): Promise<CollectedRuns> {
  const [{ trainingDomains, project }] = sets;
  for (const set of sets) requireDomains(set.trainingDomains, trainingDomains);
  const all = sets.flatMap(set => set.states.map(state => ({ set, state })));
  for (const { state } of all) if (state.trouble !== null) throw state.trouble;
  for (const set of sets) requireOwnFiles(set);
  const ended = all.filter(({ state }) => state.isDone || options.unfinished === true);
  const runs = ended.flatMap(({ set, state }) => {
    if (state.losses === null || (state.losses.diverged !== null && options.diverged !== true)) return [];
    return [{ ...inTokens(state.losses), set, state }];
  });
  const states = all.map(({ state }) => state);
  if (runs.length === 0) throw nothing(states, options);
  const volumeUnit = sameUnit(runs);
  const evaluationDomains = [
    ...new Set(runs.flatMap(({ checkpoints }) => checkpoints.flatMap(({ losses }) => Object.keys(losses)))),
  ];
  const findings = [...leftOut(states, options), ...ofRuns(runs), ...unknownWeights(project, evaluationDomains)];
  const metrics: Record<string, MetricUnit> = Object.assign({}, ...runs.map(run => run.metrics));
  const source = project.trainer.kind === 'command' ? project.trainer.losses : null;
  const schedule = sameSchedule(runs);
  const { table, findings: noticed } = assembleRuns(
    {
      format: 'bimix-collect',
      trainingDomains,
      evaluationDomains,
      keepsNames: true,
      volumeUnit,
      ...(volumeUnit === 'steps' ? tokensPerStepOf(runs) : {}),
      ...(schedule === null ? {} : { schedule }),
      lossUnit: sameLossUnit(runs),
      ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
      rows: uniquelyNamed(runs).flatMap(([run, name]) => rowsOf(run, name, trainingDomains, evaluationDomains)),
      findings,
    },
    {
      provenance: await provenanceOf(runs),
      ...(source === null ? {} : { mapping: source.map }),
      ...(source?.bytesPerToken == null ? {} : { bytesPerToken: source.bytesPerToken }),
    },
  );
  return { table, findings: noticed };
}

function rowsOf(
  { checkpoints, shares, size, set, state }: CollectedRun,
  name: string,
  trainingDomains: readonly string[],
  evaluationDomains: readonly string[],
): DraftRow[] {
  const { seed, weights } = state.run;
  const parameters = size ?? (set.project.trainer as CommandTrainer).size ?? null;
  const mixture = trainingDomains.map(domain => namedValue(shares ?? weights, domain) ?? 0);
  return checkpoints.flatMap(({ volume, losses, where }): DraftRow[] => {
    const measured = evaluationDomains.map(domain =>
      Number.isFinite(namedValue(losses, domain)) ? losses[domain] : Number.NaN,
    );
    if (measured.every(Number.isNaN)) return [];
    return [
      {
        run: name,
        ...(parameters === null ? {} : { size: parameters }),
        seed,
        mixture,
        ...(volume === undefined ? {} : { volume }),
        losses: measured,
        where,
      },
    ];
  });
}

/** Steps as tokens where a step's tokens are known. */
function inTokens(losses: RunLosses): RunLosses {
  const { volumeUnit, tokensPerStep, checkpoints } = losses;
  if (volumeUnit !== 'steps' || tokensPerStep === null) return losses;
  return {
    ...losses,
    volumeUnit: 'tokens',
    checkpoints: checkpoints.map(({ volume, ...rest }) => ({ ...rest, volume: (volume ?? 0) * tokensPerStep })),
  };
}

/** Runs of two folders may have one name. */
function uniquelyNamed(runs: readonly CollectedRun[]): [CollectedRun, string][] {
  const names = new Set<string>();
  return runs.map(run => {
    const { name } = run.state.run;
    let unique = name;
    for (let n = 2; names.has(unique); n++) unique = `${name}/${n}`;
    names.add(unique);
    return [run, unique];
  });
}

function nothing(states: readonly RunState[], { unfinished, diverged }: CollectOptions): BimixError {
  const broken = states.filter(({ losses }) => losses !== null && losses.diverged !== null).length;
  const done = states.filter(({ isDone }) => isDone).length;
  const counts = [`${done} done`, ...(broken === 0 ? [] : [`${broken} diverged`])].join(', ');
  const ways = [
    ...(diverged || broken === 0 ? [] : ['--diverged takes what diverged runs had measured before']),
    ...(unfinished || done === states.length ? [] : ['--unfinished takes what runs under way have measured so far']),
  ];
  const message = `missing losses: none of ${counted(states.length, 'run')} has any that count (${counts})`;
  return new BimixError('missing-losses', message, {
    hint: `${['bimix status shows every run', ...ways].join('; ')}.`,
  });
}

function sameUnit(runs: readonly CollectedRun[]): VolumeUnit {
  const [first] = runs;
  const other = runs.find(({ volumeUnit }) => volumeUnit !== first.volumeUnit);
  if (other === undefined) return first.volumeUnit;
  const message = `ambiguous volume: run "${first.state.run.name}" counts ${first.volumeUnit}, run "${other.state.run.name}" ${other.volumeUnit}`;
  throw new BimixError('ambiguous-volume', message, {
    hint: 'Write tokens_per_step under losses: in bimix.yaml, and pass it with --project.',
  });
}

function tokensPerStepOf(runs: readonly CollectedRun[]): { tokensPerStep?: number } {
  const [{ tokensPerStep }] = runs;
  return tokensPerStep === null || runs.some(run => run.tokensPerStep !== tokensPerStep) ? {} : { tokensPerStep };
}

function sameSchedule(runs: readonly CollectedRun[]): Schedule | null {
  const [{ schedule }] = runs;
  return runs.every(run => run.schedule === schedule) ? schedule : null;
}

function sameLossUnit(runs: readonly CollectedRun[]): LossUnit {
  const [{ lossUnit, state }] = runs;
  const other = runs.find(run => run.lossUnit !== lossUnit);
  if (other === undefined) return lossUnit;
  const message = `ambiguous losses: run "${state.run.name}" has ${lossUnit}, run "${other.state.run.name}" ${other.lossUnit}`;
  throw new BimixError('ambiguous-losses', message, { hint: 'Collect the folders one at a time.' });
}

/** A log without run names can be of one run only. */
function requireOwnFiles({ project: { trainer }, states }: RunSet): void {
  if (trainer?.kind !== 'command' || trainer.losses.format !== LOG_FORMAT) return;
  const owner = new Map<string, string>();
  for (const { run, losses } of states) {
    for (const file of losses?.files ?? []) {
      const other = owner.get(file);
      owner.set(file, run.name);
      if (other === undefined || other === run.name) continue;
      throw new BimixError(
        'ambiguous-losses',
        `ambiguous losses: ${file} serves the runs "${other}" and "${run.name}"`,
        {
          hint: 'Let losses.files in bimix.yaml name a file in the {out} of each run, or one with {run} in its name.',
          where: { file },
        },
      );
    }
  }
}

function requireDomains(own: readonly string[], domains: readonly string[]): void {
  const odd = own.find(domain => !domains.includes(domain)) ?? domains.find(domain => !own.includes(domain));
  if (odd === undefined) return;
  throw new BimixError('ambiguous-domains', `ambiguous training domains: only one of the folders has "${odd}"`, {
    hint: 'Collect runs with different training domains one folder at a time.',
  });
}

async function provenanceOf(runs: readonly CollectedRun[]): Promise<RunTable['provenance']> {
  const files = [...new Set(runs.flatMap(run => run.files))];
  const inputs = await Promise.all(files.map(readInputFile));
  return {
    format: 'bimix-collect',
    inputs: inputs.map(({ path, sha256, bytes }) => ({ file: path, sha256, bytes })),
    version: bimixVersion(),
  };
}
