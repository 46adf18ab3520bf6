/** The losses of a run of somebody else's trainer, where its project says they are. */

import path from 'node:path';
import { expandFiles } from '../corpus/index.ts';
import { BimixError } from '../errors/index.ts';
import { readInputFile } from '../files/index.ts';
import { type ColumnMap, importRuns, readRunLog } from '../importers/index.ts';
import type { VolumeUnit } from '../observations/index.ts';
import type { PlannedRun } from './plan.ts';
import { joinFile } from './plan-folder.ts';
import type { LossSource } from './project.ts';
import { LOG_FORMAT } from './project-trainer.ts';
import { divergenceOf, type LossCheckpoint, type RunLosses } from './run-losses.ts';

/** Where one run's files are. */
export interface RunPlaces {
  /** Of the plan's runs. */
  readonly folder: string;
  /** Of results: of the attempt that counts, or of the newest. */
  readonly out: string;
  /** Of the task. */
  readonly task: string;
  /** What the attempt printed. */
  readonly log: string;
}

/**
 * @throws BimixError naming the run: `missing-losses` when there is no such file, `missing-domains` when a log has one blended loss,
 * and as the importers
 */
export async function readLosses(source: LossSource, run: PlannedRun, places: RunPlaces): Promise<RunLosses> {
  try {
    const files = await filesOf(source, run, places);
    return source.format === LOG_FORMAT
      ? await readLogs(source, run, files)
      : await importLosses(source, run, files, places);
  } catch (cause) {
    if (!(cause instanceof BimixError)) throw cause;
    const { code, message, where } = cause;
    const named = `Let the log call the run "${run.id}", as {run} and BIMIX_RUN do, or lie in its {out}.`;
    const hint = code === 'missing-runs' ? named : cause.hint;
    throw new BimixError(code, `${message}, of run "${run.name}"`, { hint, where, cause });
  }
}

async function filesOf({ files }: LossSource, { id }: PlannedRun, { out, task, log }: RunPlaces): Promise<string[]> {
  // Patterns are relative to {out}, which the places themselves are not.
  const places = { out: path.resolve(out), task: path.resolve(task), log: path.resolve(log), run: id };
  const patterns = files.map(file =>
    file.replace(/\{(out|task|log|run)\}/g, (_, name: keyof typeof places) => places[name]),
  );
  try {
    return [...(await expandFiles(patterns, out))];
  } catch (cause) {
    if (!(cause instanceof BimixError)) throw cause;
    throw new BimixError('missing-losses', `missing losses: nothing matches ${patterns.join(', ')} in ${out}`, {
      hint: 'losses.files in bimix.yaml says where a run writes them, relative to its {out}.',
      where: { file: out },
      cause,
    });
  }
}

/** Tables of one run that need not name it, and keep what broke. */
async function readLogs(source: LossSource, run: PlannedRun, files: readonly string[]): Promise<RunLosses> {
  const { columns, unit, tokensPerStep, schedule } = source;
  const options = columns === null ? {} : { columns: columns as ColumnMap };
  const logs = await Promise.all(
    files.map(async file => ({ file, ...(await readRunLog(await readInputFile(file), options)) })),
  );
  const entries = logs.flatMap(log => log.entries.map(entry => ({ ...entry, file: log.file })));
  if (entries.length === 0) throw blended(files, run);
  const volumeUnit: VolumeUnit = entries.every(({ tokens }) => tokens !== undefined)
    ? 'tokens'
    : entries.every(({ steps }) => steps !== undefined)
      ? 'steps'
      : 'none';
  const checkpoints = entries.map(({ tokens, steps, losses, file }): LossCheckpoint => {
    const volume = volumeUnit === 'tokens' ? tokens : volumeUnit === 'steps' ? steps : undefined;
    return { ...(volume === undefined ? {} : { volume }), losses, where: { file } };
  });
  const known = logs.find(log => log.tokensPerStep !== undefined)?.tokensPerStep;
  return {
    checkpoints,
    volumeUnit,
    tokensPerStep: tokensPerStep ?? known ?? null,
    lossUnit: unit ?? 'nats',
    metrics: {},
    schedule,
    ...{ size: null, shares: null, findings: [], files },
    diverged: divergenceOf(checkpoints),
  };
}

function blended(files: readonly string[], { name }: PlannedRun): BimixError {
  return new BimixError('missing-domains', `missing losses by domain in ${files.join(', ')}`, {
    hint: `A law needs the validation loss of each domain: write for example {"tokens": 1000000, "web_loss": 3.2, "code_loss": 1.9} for "${name}", one line a checkpoint, or name the columns: losses: {columns: {losses: "eval/*/ce"}}.`,
    where: { file: files[0] },
  });
}

/** By the importer of a trainer's logs, which joins them with the run's mixture. */
async function importLosses(
  { format, columns, unit, bytesPerToken, tokensPerStep, schedule }: LossSource,
  { id }: PlannedRun,
  files: readonly string[],
  { folder }: RunPlaces,
): Promise<RunLosses> {
  const { table, findings } = await importRuns([...files, joinFile(folder, id)], {
    format,
    keepsNames: true,
    ...(unit === null ? {} : { lossUnit: unit }),
    ...(columns === null ? {} : { columns: columns as ColumnMap }),
    ...(bytesPerToken === null ? {} : { bytesPerToken }),
    ...(tokensPerStep === null ? {} : { tokensPerStep }),
    ...(schedule === null ? {} : { schedule }),
  });
  const { evaluationDomains, rowVolume, volumeUnit, runs } = table;
  const checkpoints = Array.from(rowVolume, (volume, row): LossCheckpoint => {
    const losses = evaluationDomains.flatMap((domain, i): [string, number][] => {
      const loss = table.losses[row * evaluationDomains.length + i];
      return Number.isNaN(loss) ? [] : [[domain, loss]];
    });
    return {
      ...(volumeUnit === 'none' ? {} : { volume }),
      losses: Object.fromEntries(losses),
      where: { file: files[0] },
    };
  });
  const broken = findings.find(({ code }) => code === 'broken-losses');
  return {
    checkpoints,
    volumeUnit,
    tokensPerStep: table.tokensPerStep ?? null,
    lossUnit: 'nats',
    metrics: Object.fromEntries(
      Object.entries(table.metrics ?? {}).map(([domain, metric]) => [
        domain,
        metric === 'error rate' ? 'error' : 'bpb',
      ]),
    ),
    schedule: table.schedule ?? null,
    ...{ size: runs[0]?.size ?? null, shares: null, files },
    diverged: broken === undefined ? divergenceOf(checkpoints) : broken.message,
    // Of the one run by itself; of all runs together they are looked for again.
    findings: findings.filter(
      ({ kind, code }) => kind !== 'note' && code !== 'constant-share' && code !== 'rising-losses',
    ),
  };
}
