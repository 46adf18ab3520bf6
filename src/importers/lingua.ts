/**
 * Metrics of Meta Lingua (`apps/main/eval.py`), JSON lines in the folder of a run: `metrics.validation.jsonl` with a loss for each
 * source, `metrics.eval.jsonl` with tasks of lm-evaluation-harness, and `metrics.jsonl` with the training, which says how many
 * tokens a step has. Also `evals/<step>/validation.json` of one checkpoint.
 */

import { BimixError, type Place } from '../errors/index.ts';
import { type InputFile, splitLines } from '../files/index.ts';
import { counted, findingOf, parseJsonLine } from '../observations/index.ts';
import { withoutDomains } from './blended-loss.ts';
import type { Importer } from './importer.ts';
import { asObject } from './json-document.ts';
import { linguaLosses } from './lingua-losses.ts';
import { draftOfLogs, type LoggedLoss, runNamesOfPath } from './logged-losses.ts';
import { readRunMixtures } from './run-mixtures.ts';

/** The folder of an evaluation is named after the step, in ten digits. */
const STEP_FOLDER = /(?:^|[\\/])(\d{10})[\\/][^\\/]*$/;

type Entry = Readonly<Record<string, unknown>>;

interface Line {
  readonly file: InputFile;
  readonly entry: Entry;
  readonly where: Place;
}

export const lingua: Importer = {
  name: 'lingua',
  description: 'metrics of Meta Lingua (validation and tasks), with a table of mixtures',

  detect(files) {
    const fits = files.some(isLog);
    return fits && { confidence: 'certain', reason: 'JSON lines with global_step and nll_per_token or loss/out' };
  },

  async read(files, { columns = {} }) {
    const logs = files.filter(isLog);
    if (logs.length === 0) {
      throw new BimixError('missing-log', `missing metrics: ${files[0].path} has no metrics of Lingua`, {
        where: { file: files[0].path },
      });
    }
    const training = logs.filter(isTraining);
    const evaluations = logs.filter(file => !training.includes(file)).flatMap(readLines);
    if (evaluations.length === 0) throw blended(logs[0]);
    const rates = training.map(file => ({ folder: folderOf(file), rate: tokensPerStep(readLines(file)) }));
    const rateOf = (file: InputFile): number | undefined =>
      rates.find(({ folder }) => folderOf(file).startsWith(folder))?.rate;
    const hasTokens = evaluations.every(({ file }) => rateOf(file) !== undefined);
    const measured = evaluations.map(({ file, entry, where }) => {
      const step = stepOf(entry, file, where);
      const volume = hasTokens ? step * (rateOf(file) as number) : step;
      return { ...linguaLosses(entry, where), runs: runNamesOfPath(file.path), volume, where };
    });
    const losses = measured.flatMap(({ runs, volume, where, values }) =>
      values.flatMap(({ domain, value, isRead }): LoggedLoss[] =>
        isRead ? [{ runs, volume, domain, loss: value, where }] : [],
      ),
    );
    if (losses.length === 0) throw blended(logs[0]);
    const units = Object.assign({}, ...measured.map(({ metrics }) => metrics));
    const unread = measured.flatMap(({ values }) => values.flatMap(({ domain, isRead }) => (isRead ? [] : [domain])));
    const signed = measured.flatMap(({ negative }) => negative);
    const tables = files.filter(file => !logs.includes(file));
    return draftOfLogs(
      {
        format: 'lingua',
        volumeUnit: hasTokens ? 'tokens' : 'steps',
        losses,
        ...(Object.keys(units).length === 0 ? {} : { metrics: units }),
        findings: [
          ...findingOf('note', 'log-likelihoods', signed, n => {
            return `${counted(n, 'loss')} read without the sign: what Lingua calls nll is a log-likelihood`;
          }),
          ...findingOf('note', 'ignored-metrics', [...new Set(unread)], n => {
            return `${counted(n, 'metric')} not read: neither an accuracy nor bits per byte`;
          }),
        ],
      },
      await readRunMixtures(tables, logs[0], columns),
    );
  },
};

function isLog(file: InputFile): boolean {
  const first = /^\s*(\{[^\r\n]*)/.exec(file.head() ?? '')?.[1] ?? '';
  if (/"nll_per_token"\s*:/.test(first)) return true;
  return /"created_at"\s*:/.test(first) && (/"loss\/out"\s*:/.test(first) || /,none"\s*:/.test(first));
}

function isTraining(file: InputFile): boolean {
  return /^[^\r\n]*"loss\/out"\s*:/.test(file.head() ?? '');
}

function readLines(file: InputFile): Line[] {
  return splitLines(file.text(), file.path).flatMap((text, index): Line[] => {
    if (text.trim() === '') return [];
    const where = { file: file.path, line: index + 1 };
    const entry = asObject(parseJsonLine(text, where));
    if (entry !== undefined) return [{ file, entry, where }];
    throw new BimixError('invalid-log', 'invalid line of metrics: expected an object', { where });
  });
}

function stepOf({ global_step: step }: Entry, { path }: InputFile, where: Place): number {
  const folder = STEP_FOLDER.exec(path)?.[1];
  const value = step ?? (folder === undefined ? undefined : Number(folder));
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  const isThere = value !== undefined && value !== null;
  throw new BimixError(
    isThere ? 'invalid-number' : 'missing-step',
    isThere ? `invalid global_step ${JSON.stringify(value)}` : 'missing global_step',
    { hint: 'Keep validation.json in its folder evals/<step>, or pass metrics.validation.jsonl.', where },
  );
}

/** Tokens in a step, where the whole training has the same; undefined elsewhere. */
function tokensPerStep(lines: readonly Line[]): number | undefined {
  const rates = lines.flatMap(({ entry }) => {
    const { global_step: step, acc_step: accumulated, 'optim/total_tokens': tokens } = entry;
    const isWhole = accumulated === undefined || accumulated === 0;
    return typeof step === 'number' && step > 0 && isWhole && typeof tokens === 'number' ? [tokens / step] : [];
  });
  return rates.length > 0 && rates[0] > 0 && rates.every(rate => rate === rates[0]) ? rates[0] : undefined;
}

function folderOf({ path }: InputFile): string {
  return path.replace(/[^\\/]*$/, '');
}

function blended(file: InputFile): BimixError {
  return withoutDomains(
    file,
    'only "loss/out", of the training',
    'Set eval.validation in the configuration of Lingua, with a file *.val.jsonl in the folder of each source, and pass metrics.validation.jsonl.',
  );
}
