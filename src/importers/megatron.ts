/**
 * What Megatron-LM and its forks print (`megatron/training/training.py`): a line ` validation-<name> loss at iteration N | lm loss
 * value: X | lm loss PPL: Y | ` for each validation set, by name or number, among lines of training. Megatron-DeepSpeed prints
 * `<name> loss at iteration N`, GPT-NeoX `validation results at iteration N` over everything.
 */

import { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import { counted, findingOf } from '../observations/index.ts';
import { withoutDomains } from './blended-loss.ts';
import { consoleLines, hasLine, strayBytes } from './console-lines.ts';
import type { Importer } from './importer.ts';
import { draftOfLogs, type LoggedLoss, runNamesOfPath } from './logged-losses.ts';
import { domainOfSet, EVALUATION_LINE, type PrintedLoss, printedLosses, TRAINING_LINE } from './megatron-lines.ts';
import { readRunMixtures } from './run-mixtures.ts';

const ARGUMENT = /\b(seq_length|global_batch_size|rampup_batch_size) \.{3,} (\S+)/;

interface ValidationLoss extends PrintedLoss {
  readonly file: InputFile;
}

export const megatron: Importer = {
  name: 'megatron',
  description: 'what Megatron-LM and its forks print, with a loss for each validation set, and a table of mixtures',

  detect(files) {
    const fits = files.some(isLog);
    return fits && { confidence: 'certain', reason: 'lines "NAME loss at iteration" or "iteration N/M"' };
  },

  async read(files, { columns = {} }) {
    const logs = files.filter(isLog);
    if (logs.length === 0) {
      throw new BimixError('missing-log', `missing iterations: ${files[0].path} is not output of Megatron-LM`, {
        where: { file: files[0].path },
      });
    }
    const parsed = logs.map(readLog);
    const all = parsed.flatMap(({ losses }) => losses);
    const isByDomain = ({ set, iteration, isTest }: ValidationLoss): boolean => {
      return set !== undefined && iteration !== undefined && !isTest;
    };
    const measured = all.filter(isByDomain);
    if (measured.length === 0) throw blended(logs[0], all.length > 0);
    const domainOf = domainsOfSets(new Set(measured.map(({ set }) => set as string)));
    const losses = measured.map(({ file, line, set, iteration, loss }): LoggedLoss => {
      const where = { file: file.path, line };
      const domain = domainOf(set as string);
      return { runs: runNamesOfPath(file.path), volume: iteration as number, domain, loss, where };
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
        logs: logs.map(({ path }) => path),
        findings: [
          ...strayBytes(logs),
          ...findingOf('note', 'ignored-losses', unread, n => {
            return `${counted(n, 'loss')} of the test set or of all validation data together not read`;
          }),
        ],
      },
      await readRunMixtures(tables, logs[0], columns),
    );
  },
};

function isLog(file: InputFile): boolean {
  return hasLine(file, ' at iteration ', EVALUATION_LINE) || hasLine(file, 'iteration ', TRAINING_LINE);
}

function readLog(file: InputFile): { losses: ValidationLoss[]; tokensPerStep: number | undefined } {
  const losses: ValidationLoss[] = [];
  const values = new Map<string, Set<string>>();
  let latest: number | undefined;
  for (const line of consoleLines(file)) {
    for (const printed of printedLosses(line, file.path)) {
      latest = printed.iteration ?? latest;
      losses.push({ ...printed, file, iteration: latest });
    }
    const trained = TRAINING_LINE.exec(line.text)?.[1];
    if (trained !== undefined) latest = Number(trained);
    const [, name, value] = ARGUMENT.exec(line.text) ?? [];
    if (name !== undefined) values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return { losses, tokensPerStep: tokensPerStepOf(values) };
}

/** The domain of each set, without its prefix unless two sets differ in nothing else. */
function domainsOfSets(sets: ReadonlySet<string>): (set: string) => string {
  const areUnique = new Set([...sets].map(domainOfSet)).size === sets.size;
  return areUnique ? domainOfSet : set => set;
}

/** Sequence length times batch size, from the arguments printed at each start; undefined where they change or the batch grows. */
function tokensPerStepOf(values: ReadonlyMap<string, ReadonlySet<string>>): number | undefined {
  if ([...values.values()].some(({ size }) => size > 1)) return undefined;
  const only = (name: string): string | undefined => values.get(name)?.values().next().value;
  const tokens = Number(only('seq_length')) * Number(only('global_batch_size'));
  const rampUp = only('rampup_batch_size') ?? 'None';
  return rampUp === 'None' && Number.isInteger(tokens) && tokens > 0 ? tokens : undefined;
}

/** The count that all logs agree on. */
function sameCount(counts: readonly (number | undefined)[]): number | undefined {
  return counts.every(count => count === counts[0]) ? counts[0] : undefined;
}

function blended(file: InputFile, hasLoss: boolean): BimixError {
  return withoutDomains(
    file,
    hasLoss ? 'only one loss over all validation data' : 'no line "NAME loss at iteration"',
    'Train with --multiple-validation-sets and a validation set of each domain.',
  );
}
