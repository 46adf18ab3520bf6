/** `bimix fit`: a law's coefficients from a table of runs. */

import type { Command } from '@commander-js/extra-typings';
import { checkOutputFile, writeWholeFile } from '../files/index.ts';
import { fitLaw } from '../fitting/index.ts';
import { DEFAULT_LAW, type FittedLaw, findLaw, formatLaws } from '../laws/index.ts';
import { COMPARE_HELP, recommendedLaw } from './comparison-argument.ts';
import { addFitOptions, fitSettings } from './fit-settings.ts';
import { describeFit } from './fit-text.ts';
import { uncertaintyOption, uncertaintySetting } from './interval-option.ts';
import { readPrior } from './law-argument.ts';
import { printJson, printText, sayWritten } from './print.ts';
import { withProgress } from './progress.ts';
import { describeRuns, readSelectedRuns, runsOfFit } from './selected-runs.ts';

export function addFit(program: Command): void {
  const command = program
    .command('fit')
    .summary('fit a law to the losses of runs')
    .description(
      'Fits a law to the losses of every target and prints its coefficients, how well it describes the runs, and what the runs leave open. Runs of several model sizes are fitted size by size, or together by a law that knows the size. With --prior, few runs of a large model are fitted with what a law learned from many of a small one.',
    )
    .argument('<runs>', 'runs.jsonl, from bimix import')
    .option(
      '--law <name>',
      `law to fit (default: ${DEFAULT_LAW.name}, what --compare recommends, or the law of the prior)`,
    )
    .option('--compare <file>', COMPARE_HELP)
    .option('-o, --output <file>', 'where to write the law, as JSON');
  addFitOptions(command, 'fit')
    .option('--prior <law>', 'law.json of a smaller model: its coefficients become priors')
    .addOption(uncertaintyOption)
    .option('--json', 'print the law as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix fit runs.jsonl -o law.json
  $ bimix fit runs.jsonl --where size=122M -o law.json
  $ bimix fit runs.jsonl --compare comparison.json -o law.json
  $ bimix fit runs.jsonl --law bimix-transfer-size -o law.json
  $ bimix fit big.jsonl --prior small-law.json -o big-law.json
  $ bimix fit runs.jsonl --where 'step>=6000' --warm-up off --json`,
    )
    .action(async (path, options) => {
      if (options.output !== undefined) await checkOutputFile(options.output);
      const prior = options.prior === undefined ? undefined : await readPrior(options.prior);
      const law = findLaw(options.law ?? prior?.law ?? (await recommendedLaw(options.compare)) ?? DEFAULT_LAW.name);
      const uncertainty = uncertaintySetting(options.uncertainty);
      const settings = { ...fitSettings(options), uncertainty, ...(prior === undefined ? {} : { prior }) };
      const table = await readSelectedRuns(path, options.where);
      const laws: { readonly fitted: FittedLaw; readonly from: string }[] = [];
      for (const { label, table: runs } of runsOfFit(table, law.knowsSize)) {
        const what = `fitting ${law.name}${label === '' ? '' : ` at ${label}`}`;
        const fitted = await withProgress(what, onProgress => fitLaw(runs, law, { ...settings, onProgress }));
        laws.push({ fitted, from: describeRuns(runs, label) });
      }
      const text = formatLaws(laws.map(({ fitted }) => fitted));
      if (options.output !== undefined) {
        await writeWholeFile(options.output, text);
        sayWritten(
          options.output,
          `${law.name}, ${laws.length === 1 ? 'one fit' : `${laws.length} fits, one a model size`}`,
        );
      }
      if (options.json) printJson(JSON.parse(text));
      else for (const { fitted, from } of laws) printText(...describeFit(law, fitted, from));
    });
}
