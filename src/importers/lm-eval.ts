/**
 * Results of lm-evaluation-harness (`results_<date>.json`, `evaluation_tracker.py`): `results.<task>["<metric>,<filter>"]` of one
 * model, before version 0.4 `results.<task>.<metric>`. Accuracies and bits per byte become evaluation domains `<task>/<metric>` that hold no losses.
 */

import { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import { counted, findingOf } from '../observations/index.ts';
import type { Importer } from './importer.ts';
import { asObject, readJsonDocument } from './json-document.ts';
import { TASK_METRICS, type TaskMetric, taskMetrics } from './lm-eval-metrics.ts';
import { draftOfLogs, type LoggedLoss, runNamesOfPath } from './logged-losses.ts';
import { readRunMixtures } from './run-mixtures.ts';

/** A folder of a checkpoint: `checkpoint-1000`, `step1000`, `iter_0001000`, `global_step1000`. */
const CHECKPOINT = /^(?:checkpoint|step|iter|global_?step)[-_]?(\d+)(?:[-_]?(?:hf|unsharded))?$/i;

interface Results {
  readonly file: InputFile;
  /** What the run may be called, likeliest first. */
  readonly runs: readonly string[];
  readonly step: number | undefined;
  /** When it was evaluated, in seconds; 0 where the file does not say. */
  readonly date: number;
  readonly metrics: readonly TaskMetric[];
}

export const lmEval: Importer = {
  name: 'lm-eval',
  description: 'results of lm-evaluation-harness (accuracies, bits per byte), with a table of mixtures',

  detect(files) {
    const fits = files.some(isResults);
    return fits && { confidence: 'certain', reason: 'JSON files with results of tasks' };
  },

  async read(files, { columns = {} }) {
    const resultFiles = files.filter(isResults);
    if (resultFiles.length === 0) {
      throw new BimixError('missing-log', `missing results: ${files[0].path} has no results of lm-evaluation-harness`, {
        where: { file: files[0].path },
      });
    }
    const all = resultFiles.map(readResults).sort((a, b) => a.date - b.date);
    const bySteps = all.every(({ step }) => step !== undefined);
    const losses = all.flatMap(({ file, runs, step, metrics }) =>
      metrics.flatMap(({ domain, unit, value }): LoggedLoss[] => {
        if (unit === undefined) return [];
        const volume = bySteps ? { volume: step as number } : {};
        return [{ runs, ...volume, domain, loss: value, where: { file: file.path } }];
      }),
    );
    if (losses.length === 0) throw noMetrics(resultFiles[0]);
    const metrics = all.flatMap(result => result.metrics);
    const units = Object.fromEntries(
      metrics.flatMap(({ domain, unit }) => (unit === undefined ? [] : [[domain, unit]])),
    );
    const unread = new Set(metrics.flatMap(({ domain, unit }) => (unit === undefined ? [domain] : [])));
    const tables = files.filter(file => !resultFiles.includes(file));
    return draftOfLogs(
      {
        format: 'lm-eval',
        // Sets are called as the benchmark calls them.
        keepsNames: true,
        volumeUnit: bySteps ? 'steps' : 'none',
        losses,
        metrics: units,
        findings: findingOf('note', 'ignored-metrics', [...unread], n => {
          return `${counted(n, 'metric')} not read: neither an accuracy nor bits per byte`;
        }),
      },
      await readRunMixtures(tables, resultFiles[0], columns),
    );
  },
};

function isResults(file: InputFile): boolean {
  const head = file.head() ?? '';
  if (!/^\s*\{/.test(head) || !/"results"\s*:\s*\{/.test(head)) return false;
  return /"alias"\s*:|,none"\s*:|"configs"\s*:|"versions"\s*:\s*\{|"config_general"\s*:/.test(head);
}

function readResults(file: InputFile): Results {
  const document = asObject(readJsonDocument(file));
  const tasks = asObject(document?.results);
  if (document === undefined || tasks === undefined) {
    throw new BimixError('invalid-log', `invalid results in ${file.path}: expected an object by task`, {
      where: { file: file.path },
    });
  }
  const parts = [
    ...modelsOf(document).flatMap(model => model.split(/[\\/]/).reverse()),
    ...runNamesOfPath(file.path).flatMap(unsanitized),
  ];
  const steps = parts.map(part => CHECKPOINT.exec(part)?.[1]).filter(step => step !== undefined);
  return {
    file,
    runs: [...new Set(parts.filter(part => part !== '' && !CHECKPOINT.test(part)))],
    step: steps.length === 0 ? undefined : Number(steps[0]),
    date: typeof document.date === 'number' ? document.date : 0,
    metrics: Object.entries(tasks).flatMap(([task, values]) => taskMetrics(task, values, { file: file.path })),
  };
}

/** What the file says of the model: its name, and the arguments it was loaded with, such as `pretrained=/ckpts/a,dtype=bfloat16`. */
function modelsOf(document: Readonly<Record<string, unknown>>): string[] {
  const config = asObject(document.config) ?? asObject(document.config_general) ?? {};
  const { model_args: loaded } = config;
  const pairs =
    typeof loaded === 'string'
      ? loaded.split(',').map(pair => pair.split(/=(.*)/s).slice(0, 2))
      : Object.entries(asObject(loaded) ?? {});
  const named = new Map(pairs as [string, unknown][]);
  const found = [
    named.get('revision'),
    named.get('subfolder'),
    document.model_name,
    config.model_name,
    ...['pretrained', 'path', 'model', 'checkpoint', 'load'].map(key => named.get(key)),
  ];
  return [...new Set(found.filter(name => typeof name === 'string' && name !== ''))] as string[];
}

/** The harness calls a folder like the model's path, with two underscores for each slash. */
function unsanitized(name: string): string[] {
  return [...new Set([...name.split('__').reverse(), name])];
}

function noMetrics(file: InputFile): BimixError {
  return new BimixError('missing-metrics', `missing metrics in ${file.path}: no task has one that is read`, {
    hint: `These are read: ${TASK_METRICS.join(', ')}. Evaluate each checkpoint on tasks of each domain: pile_* and paloma_* have bits_per_byte.`,
    where: { file: file.path },
  });
}
