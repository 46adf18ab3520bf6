/** `bimix compare`: every law on the same held-out runs, and which to use. */

import { availableParallelism } from 'node:os';
import { type Command, Option } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import { type Comparison, compareLaws, comparisonJson, runGrid } from '../evidence/index.ts';
import { bimixVersion, checkOutputFile, writeWholeFile } from '../files/index.ts';
import { findLaw, knownLaws, type Law, type Stack } from '../laws/index.ts';
import { evaluationTargets, splitRuns } from '../observations/index.ts';
import { renderComparisonReport } from '../report/index.ts';
import { comparisonText } from './comparison-text.ts';
import { addFitOptions, fitSettings, nameList, seedNumber, wholeNumber } from './fit-settings.ts';
import { holdOutThreads } from './hold-out-threads.ts';
import { INTERVAL_HELP, intervalLevel } from './interval-option.ts';
import { printJson, printText, sayWritten } from './print.ts';
import { withProgress } from './progress.ts';
import { describeRuns, readSelectedRuns, runsBySize } from './selected-runs.ts';

const nestedOption = new Option(
  '--nested <when>',
  'choose the law again inside each fold, to measure what choosing costs; auto does so where fits are quick',
)
  .choices(['auto', 'on', 'off'] as const)
  .default('auto' as const);

/**
 * Runs x targets x domains^2 x laws, roughly as which fits cost, up to which all laws are chosen from inside five folds in
 * about a minute of two cores.
 */
const QUICK = 6e5;

export function addCompare(program: Command): void {
  const command = program
    .command('compare')
    .summary('compare all laws on held-out runs and recommend one')
    .description(
      'Fits every law on part of the runs and predicts the rest, the same runs for every law: how large its errors are, how certain their ranking is, how errors fall with the number of runs, and which law to optimize or predict with. Weights are shares of tokens; losses are nats per token.',
    )
    .argument('<runs>', 'runs.jsonl, from bimix import')
    .option('--laws <names>', 'laws to compare, separated by commas, or all', 'all')
    .option('--split <form>', 'how runs are held out, as in bimix evaluate', 'kfold:5')
    .option('--seed <number>', 'seed of splits and draws that shuffle', '0')
    .option('--budget-curve <runs>', 'learning curves: numbers of training runs, for example 8,16,32, or auto')
    .addOption(nestedOption);
  addFitOptions(command, 'predict')
    .option('--interval <percent>', `${INTERVAL_HELP}; reports how many they really cover`)
    .option('--workers <number>', 'worker threads, 0 for none (default: one per core)')
    .option('-o, --output <file>', 'write an HTML report')
    .option('--date <date>', 'date to print in the report (default: now)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix compare runs.jsonl
  $ bimix compare runs.jsonl --where size=122M --budget-curve auto
  $ bimix compare runs.jsonl --budget-curve auto -o compare.html
  $ bimix compare runs.jsonl --laws bimix,bimix-transfer,stack --split kfold:10 --json > comparison.json`,
    )
    .action(async (path, options) => {
      if (options.output !== undefined) await checkOutputFile(options.output);
      const laws = lawsNamed(options.laws);
      const seed = seedNumber(options.seed);
      const { targets: names, ...fit } = fitSettings(options);
      const level = options.interval === undefined ? undefined : intervalLevel(options.interval);
      const steps = options.budgetCurve === undefined ? undefined : curveSteps(options.budgetCurve);
      const table = await readSelectedRuns(path, options.where);
      const workers =
        options.workers === undefined ? availableParallelism() : wholeNumber('--workers', options.workers, 0);
      const threads = workers === 0 ? undefined : holdOutThreads(workers);
      const comparisons: Comparison[] = [];
      try {
        for (const { size, label, table: runs } of runsBySize(table)) {
          const targets = evaluationTargets(runs, names);
          const split = splitRuns(runs, options.split, seed);
          const isQuick = runs.runs.length * targets.length * runs.trainingDomains.length ** 2 * laws.length <= QUICK;
          const what = `comparing ${laws.length} laws${label === '' ? '' : ` at ${label}`}`;
          const comparison = await withProgress(what, onProgress =>
            compareLaws(runs, laws, split, {
              targets,
              fit,
              curves: steps === 'auto' ? runGrid(runs.runs.length) : (steps ?? []),
              nested: options.nested === 'on' || (options.nested === 'auto' && isQuick),
              seed,
              ...(level === undefined ? {} : { interval: level }),
              ...(threads === undefined ? {} : { crew: threads.crew }),
              onProgress,
              clock: () => performance.now() / 1000,
              measuredOn: describeRuns(runs, label),
              ...(size === undefined ? {} : { size }),
              version: bimixVersion(),
            }),
          );
          comparisons.push(comparison);
        }
      } finally {
        await threads?.close();
      }
      if (options.output !== undefined) {
        const report = await renderComparisonReport(comparisons, {
          title: 'Which law?',
          generated: options.date ?? new Date().toISOString(),
          commands: [commandLine(path, options)],
        });
        await writeWholeFile(options.output, report);
      }
      if (options.json) printJson(comparisonJson(comparisons));
      else for (const comparison of comparisons) printText(...comparisonText(comparison));
      if (options.output !== undefined) sayWritten(options.output, 'open it in a browser');
    });
}

/** What makes the report again: the options that change what is measured. */
function commandLine(
  path: string,
  options: {
    readonly laws: string;
    readonly split: string;
    readonly seed: string;
    readonly budgetCurve?: string | undefined;
    readonly where: readonly string[];
    readonly targets?: string | undefined;
    readonly output?: string | undefined;
  },
): string {
  const { laws, split, seed, budgetCurve, where, targets, output } = options;
  return [
    `bimix compare ${path} --laws ${laws} --split ${split} --seed ${seed}`,
    ...(budgetCurve === undefined ? [] : [`--budget-curve ${budgetCurve}`]),
    ...where.map(condition => `--where '${condition}'`),
    ...(targets === undefined ? [] : [`--targets '${targets}'`]),
    `-o ${output}`,
  ].join(' ');
}

function lawsNamed(text: string): readonly (Law | Stack)[] {
  if (text.trim() === 'all') return knownLaws();
  return [...new Set(nameList(text))].map(findLaw);
}

/** @throws BimixError `invalid-budget-curve` */
function curveSteps(text: string): 'auto' | number[] {
  if (text.trim() === 'auto') return 'auto';
  const steps = nameList(text).map(Number);
  if (steps.length > 0 && steps.every(step => Number.isInteger(step) && step > 0)) return steps;
  throw new BimixError('invalid-budget-curve', `invalid --budget-curve ${text}: expected numbers of runs`, {
    hint: 'For example --budget-curve 8,16,32, or --budget-curve auto.',
  });
}
