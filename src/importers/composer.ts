/**
 * What Composer and llm-foundry print (`composer/loggers/console_logger.py`): a line with the progress, `[batch=1000/2000]:`, with
 * the metrics of training below it, and after each evaluation the metrics of its set, `Eval metrics/eval/<set>/LanguageCrossEntropy`.
 */

import { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import { findingOf, type VolumeUnit } from '../observations/index.ts';
import { consoleLines, hasLine, strayBytes } from './console-lines.ts';
import type { Importer } from './importer.ts';
import { draftOfLogs, type LoggedLoss, runNamesOfPath } from './logged-losses.ts';
import { domainsOfMetrics } from './metric-domains.ts';
import { readRunMixtures } from './run-mixtures.ts';

const PROGRESS = /\[(batch|token)=(\d+)(?:\/\d+)?\](:?)/;
const EVALUATED = /(?:^|\s)Eval (metrics\/.+): ([^\s:]+)\s*$/;
const TRAINED = /(?:^|\s)Train ((?:time|loss|metrics)\/.+): ([^\s:]+)\s*$/;
const NUMBER = /^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i;

const HOW_TO_LOG =
  'Give llm-foundry an eval_loader with one entry and one label for each domain, which prints metrics/eval/<label>/LanguageCrossEntropy.';

interface PrintedMetric {
  readonly metric: string;
  readonly value: string;
  readonly volume: number;
  readonly line: number;
}

interface ComposerLog {
  readonly file: InputFile;
  readonly metrics: readonly PrintedMetric[];
  /** Names of the metrics of training. */
  readonly trained: readonly string[];
  readonly unit: 'tokens' | 'steps';
  readonly tokensPerStep: number | undefined;
}

export const composer: Importer = {
  name: 'composer',
  description: 'what Composer and llm-foundry print, with a table of mixtures',

  detect(files) {
    const fits = files.some(isLog);
    return fits && { confidence: 'certain', reason: 'lines "Eval metrics/..." or "Train time/batch"' };
  },

  async read(files, { columns = {} }) {
    const logFiles = files.filter(isLog);
    if (logFiles.length === 0) {
      throw new BimixError('missing-log', `missing metrics: ${files[0].path} is not output of Composer`, {
        where: { file: files[0].path },
      });
    }
    const logs = logFiles.map(readLog);
    const names = logs.flatMap(({ metrics, trained }) => [...metrics.map(({ metric }) => metric), ...trained]);
    const { domains, units } = domainsOfMetrics([...new Set(names)], {}, logFiles[0], HOW_TO_LOG);
    const volumeUnit = unitOf(logs);
    const losses = logs.flatMap(({ file, metrics }) =>
      metrics.flatMap(({ metric, value, volume, line }): LoggedLoss[] => {
        const domain = domains.get(metric);
        if (domain === undefined) return [];
        const where = { file: file.path, line };
        return [{ runs: runNamesOfPath(file.path), volume, domain, loss: lossOf(value, metric, where), where }];
      }),
    );
    const [{ tokensPerStep }] = logs;
    const hasRate = volumeUnit === 'steps' && logs.every(log => log.tokensPerStep === tokensPerStep);
    return draftOfLogs(
      {
        format: 'composer',
        volumeUnit,
        ...(hasRate && tokensPerStep !== undefined ? { tokensPerStep } : {}),
        losses,
        logs: logFiles.map(({ path }) => path),
        ...(Object.keys(units).length === 0 ? {} : { metrics: units }),
        findings: [
          ...strayBytes(logFiles),
          ...findingOf('note', 'steps-before', ['console_log_interval'], () => {
            return 'evaluations are taken at the last step printed before them: the console prints none with them';
          }),
        ],
      },
      await readRunMixtures(
        files.filter(file => !logFiles.includes(file)),
        logFiles[0],
        columns,
      ),
    );
  },
};

function isLog(file: InputFile): boolean {
  return hasLine(file, 'Eval metrics/', EVALUATED) || hasLine(file, 'Train time/batch', TRAINED);
}

function readLog(file: InputFile): ComposerLog {
  const metrics: PrintedMetric[] = [];
  const trained = new Set<string>();
  const rates = new Set<number>();
  let unit: ComposerLog['unit'] = 'steps';
  let volume = 0;
  let batches = 0;
  for (const { text, line } of consoleLines(file)) {
    const [progress, word, count] = (/\[Eval batch=/.test(text) ? null : PROGRESS.exec(text)) ?? [];
    if (progress !== undefined) {
      unit = word === 'token' ? 'tokens' : 'steps';
      volume = Number(count);
      continue;
    }
    const [, metric, value] = EVALUATED.exec(text) ?? [];
    if (metric !== undefined) metrics.push({ metric, value, volume, line });
    const [, name, number] = TRAINED.exec(text) ?? [];
    if (name === undefined) continue;
    if (!name.startsWith('time/')) trained.add(name);
    // Batches before this one; in an epoch, the progress counts its own only.
    if (name === 'time/batch') {
      batches = Number(number);
      if (unit === 'steps') volume = batches + 1;
    }
    if (name === 'time/token' && batches > 0) rates.add(Number(number) / batches);
  }
  const [rate] = rates;
  const isConstant = rates.size === 1 && Number.isInteger(rate) && rate > 0;
  return { file, metrics, trained: [...trained], unit, tokensPerStep: isConstant ? rate : undefined };
}

function unitOf(logs: readonly ComposerLog[]): VolumeUnit {
  const [{ file, unit }] = logs;
  const other = logs.find(log => log.unit !== unit);
  if (other === undefined) return unit;
  const message = `ambiguous volume: ${file.path} counts ${unit}, ${other.file.path} ${other.unit}`;
  throw new BimixError('ambiguous-volume', message, {
    hint: 'Import runs whose length is given in tokens and those in batches apart.',
    where: { file: other.file.path },
  });
}

function lossOf(text: string, metric: string, where: { readonly file: string; readonly line: number }): number {
  if (NUMBER.test(text)) return Number(text);
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  throw new BimixError('invalid-number', `invalid number "${text}" for ${metric}`, { where });
}
