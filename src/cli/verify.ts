/** `bimix verify`: whether a law's predictions of later runs came true. */

import type { Command } from '@commander-js/extra-typings';
import { rankingInWords, type Verification, type VerifiedLoss, verifyLaw } from '../evidence/index.ts';
import { noIntervals } from '../laws/index.ts';
import { INTERVAL_HELP, intervalLevel } from './interval-option.ts';
import { describeLaw, readLaw, SIZE_HELP } from './law-argument.ts';
import { countOf, decimal, percent } from './number-text.ts';
import { heading, printJson, printText, warningText } from './print.ts';
import { collect, readSelectedRuns, WHERE_HELP } from './selected-runs.ts';
import { textTable } from './text-table.ts';

export function addVerify(program: Command): void {
  program
    .command('verify')
    .summary('say whether predictions of later runs came true')
    .description(
      'Compares the predictions of a law with the losses of runs made after the fit: at the mixture it proposed, and at others beside it. Runs whose mixture was in the fit are left out.',
    )
    .argument('<law>', 'law.json, from bimix fit')
    .argument('<runs>', 'runs.jsonl of the later runs, from bimix collect or bimix import')
    .option('--size <size>', SIZE_HELP)
    .option('--where <condition>', WHERE_HELP, collect, [])
    .option('--interval <percent>', INTERVAL_HELP, '90')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix verify law.json later.jsonl
  $ bimix verify law.json later.jsonl --where 'run~optimum*' --json`,
    )
    .action(async (lawPath, runsPath, options) => {
      const level = intervalLevel(options.interval);
      const fitted = await readLaw(lawPath, options.size);
      const verification = verifyLaw(fitted, await readSelectedRuns(runsPath, options.where), level);
      const gaps = verification.runs.flatMap(run => noIntervals(fitted, run.volume) ?? []).slice(0, 1);
      if (options.json) {
        printJson({ ...verification, units: { share: 'tokens', loss: 'nats per token' } });
        return;
      }
      printText(
        `${heading(`${countOf(verification.runs.length, 'run')} made after the fit`)}\nPredicted by ${describeLaw(fitted)}.`,
        verification.ranking === null ? '' : rankingInWords(verification.ranking),
        runsTable(verification),
        targetsTable(verification),
        summaryOf(verification),
        warningText(gaps),
      );
    });
}

function runsTable({ runs, interval }: Verification): string {
  const ordered = [...runs].sort((a, b) => (a.mean?.predicted ?? 0) - (b.mean?.predicted ?? 0));
  return textTable(
    [
      ...['run', '>predicted mean loss'],
      ...(interval === null ? [] : [`>${percent(interval.level, 0)} interval`]),
      ...['>observed', '>off by', '>MRE'],
    ],
    ordered.map(({ run, mean, mre }) => [
      run,
      decimal(mean?.predicted),
      ...(interval === null ? [] : [intervalOf(mean)]),
      decimal(mean?.observed),
      mean === null ? '-' : signed(mean.observed / mean.predicted - 1),
      percent(mre, 2),
    ]),
  );
}

function intervalOf(mean: VerifiedLoss | null): string {
  const { lower, upper } = mean ?? {};
  return lower === undefined || upper === undefined ? '-' : `${lower.toFixed(4)} to ${upper.toFixed(4)}`;
}

function targetsTable({ targets, runs }: Verification): string {
  const off = (target: string): number => {
    const changes = runs.flatMap(({ losses }) =>
      Object.hasOwn(losses, target) ? [losses[target].observed / losses[target].predicted - 1] : [],
    );
    return changes.reduce((sum, change) => sum + change / changes.length, 0);
  };
  return textTable(
    ['evaluation domain', '>MRE', '>off by, mean'],
    Object.entries(targets).map(([target, mre]) => [target, percent(mre, 2), signed(off(target))]),
  );
}

function summaryOf({ mre, interval, seen, runs, spearman, fittedOn }: Verification): string {
  const covered =
    interval === null
      ? ''
      : ` ${percent(interval.coverage, 0)} of the losses lie inside their ${percent(interval.level, 0)} intervals.`;
  const order = spearman === null ? '' : ` Rank correlation of the mean losses: ${spearman.toFixed(2)}.`;
  const left = seen.length === 0 ? '' : `\nLeft out, because the law was fitted on their mixtures: ${seen.join(', ')}.`;
  return `MRE ${percent(mre, 2)} over ${countOf(runs.length, 'run')} that were not among the ${fittedOn} of the fit.${covered}${order}${left}`;
}

function signed(fraction: number): string {
  return `${fraction < 0 ? '' : '+'}${percent(fraction, 2)}`;
}
