/**
 * What Megatron-LM prints (`megatron/training/training.py`): a line ` validation-<name> loss at iteration N | lm loss value: X |
 * lm loss PPL: Y | ` for each validation set, by name or number, among lines of training.
 */

import { BimixError } from '../errors/index.ts';
import { type InputFile, splitLines } from '../files/index.ts';
import { counted, findingOf } from '../observations/index.ts';
import { withoutDomains } from './blended-loss.ts';
import type { Importer } from './importer.ts';
import { draftOfLogs, type LoggedLoss, runNamesOfPath } from './logged-losses.ts';
import { readRunMixtures } from './run-mixtures.ts';

/** The end of a run is evaluated once more, on the validation and on the test set. */
const VALIDATION =
  /\bvalidation(?:-(.{1,200}?))? loss at iteration\s+(\d+)( on test set| on validation set)?\s*\|(?:.*?\|)??\s*(?:lm )?loss value:\s*([^\s|]+)\s*\|/;
const TRAINING = /\biteration\s+\d+\/\s*\d+\s*\|\s*consumed samples:/;
const ARGUMENT = /\b(seq_length|global_batch_size|rampup_batch_size) \.{3,} (\S+)/;
/** Whatever way a number is printed when it is one. */
const NUMBER = /^[+-]?\d+(?:\.\d*)?(?:E[+-]?\d+)?$/i;

interface ValidationLoss {
  readonly file: InputFile;
  readonly line: number;
  /** Left out for all validation data at once. */
  readonly domain: string | undefined;
  readonly iteration: number;
  readonly loss: number;
  readonly isTest: boolean;
}

export const megatron: Importer = {
  name: 'megatron',
  description: 'what Megatron-LM prints, with a loss for each validation set, and a table of mixtures',

  detect(files) {
    const fits = files.some(isLog);
    return fits && { confidence: 'certain', reason: 'lines "validation-NAME loss at iteration"' };
  },

  async read(files, { columns = {} }) {
    const logs = files.filter(isLog);
    if (logs.length === 0) {
      throw new BimixError('missing-log', `missing iterations: ${files[0].path} is no output of Megatron-LM`, {
        where: { file: files[0].path },
      });
    }
    const parsed = logs.map(file => readLog(file));
    const all = parsed.flatMap(({ losses }) => losses);
    const isByDomain = ({ domain, isTest }: ValidationLoss): boolean => domain !== undefined && !isTest;
    const measured = all.filter(isByDomain);
    if (measured.length === 0) throw blended(logs[0], all.length > 0);
    const losses = measured.map(({ file, line, domain, iteration, loss }): LoggedLoss => {
      const where = { file: file.path, line };
      return { runs: runNamesOfPath(file.path), volume: iteration, domain: domain as string, loss, where };
    });
    const unread = all.filter(loss => !isByDomain(loss)).map(({ file, line }) => `${file.path}:${line}`);
    const tokensPerStep = sameCount(parsed.map(log => log.tokensPerStep));
    const tables = files.filter(file => !logs.includes(file));
    return draftOfLogs(
      {
        format: 'megatron',
        volumeUnit: 'steps',
        ...(tokensPerStep === undefined ? {} : { tokensPerStep }),
        losses,
        findings: findingOf('note', 'ignored-losses', unread, n => {
          return `${counted(n, 'loss')} of the test set or of all validation data at once not read`;
        }),
      },
      await readRunMixtures(tables, logs[0], columns),
    );
  },
};

function isLog(file: InputFile): boolean {
  const head = file.head() ?? '';
  return VALIDATION.test(head) || TRAINING.test(head);
}

function readLog(file: InputFile): { losses: ValidationLoss[]; tokensPerStep: number | undefined } {
  const lines = splitLines(file.text(), file.path);
  const losses = lines.flatMap((text, index): ValidationLoss[] => {
    const [, domain, iteration, ending, value] = VALIDATION.exec(text) ?? [];
    if (iteration === undefined) return [];
    const loss = lossOf(value, { file: file.path, line: index + 1 });
    return [{ file, line: index + 1, domain, iteration: Number(iteration), loss, isTest: ending === ' on test set' }];
  });
  return { losses, tokensPerStep: tokensPerStepOf(lines) };
}

function lossOf(text: string, where: { readonly file: string; readonly line: number }): number {
  if (NUMBER.test(text)) return Number(text);
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  throw new BimixError('invalid-number', `invalid number "${text}" for a validation loss`, { where });
}

/** Sequence length times batch size, from the arguments printed at the start; undefined where the batch size grows. */
function tokensPerStepOf(lines: readonly string[]): number | undefined {
  const values = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = ARGUMENT.exec(line) ?? [];
    if (name !== undefined) values.set(name, value);
  }
  const tokens = Number(values.get('seq_length')) * Number(values.get('global_batch_size'));
  const rampUp = values.get('rampup_batch_size') ?? 'None';
  return rampUp === 'None' && Number.isInteger(tokens) && tokens > 0 ? tokens : undefined;
}

/** The count that all logs agree on. */
function sameCount(counts: readonly (number | undefined)[]): number | undefined {
  return counts.every(count => count === counts[0]) ? counts[0] : undefined;
}

function blended(file: InputFile, hasLoss: boolean): BimixError {
  return withoutDomains(
    file,
    hasLoss ? 'only one loss over all validation data' : 'no line "validation-NAME loss at iteration"',
    'Train with --multiple-validation-sets and a validation set of each domain.',
  );
}
