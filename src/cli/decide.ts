/** `bimix decide`: from losses to a mixture, in one command. */

import { availableParallelism } from 'node:os';
import type { Command } from '@commander-js/extra-typings';
import { type Asked, DECIDING_LAWS, decide, decisionInWords, insteadInWords } from '../decide/index.ts';
import { type FittedLaw, findLaw } from '../laws/index.ts';
import { renderReport } from '../report/index.ts';
import { DecisionFolder } from './decision-folder.ts';
import { decisionJson, decisionText } from './decision-text.ts';
import { addFitOptions, fitSettings, nameList, seedNumber, wholeNumber } from './fit-settings.ts';
import { holdOutThreads } from './hold-out-threads.ts';
import { importInBrief } from './import-text.ts';
import { lossesOf, runsToDecideOn } from './losses-argument.ts';
import { printJson, printText, sayWritten } from './print.ts';
import { withSteps } from './progress.ts';
import { reportInput } from './report-contents.ts';
import { describeRuns } from './selected-runs.ts';
import { addShareOptions, askedVolume, shareOptions } from './share-options.ts';

export function addDecide(program: Command): void {
  const command = program
    .command('decide')
    .summary('go from losses to a mixture, with its evidence')
    .description(
      'Reads the losses of runs in any known form, compares laws on whole runs held out, fits the best, finds the mixture with the lowest predicted loss, and says what to expect of it, how far to trust that and what would change it. Writes a report and the files of each step into one folder; steps whose input is unchanged are not repeated. Weights are shares of tokens.',
    )
    .argument('<losses...>', 'tables, logs, folders of logs, runs.jsonl, or folders of bimix run')
    .option(
      '--tokens <count>',
      'training tokens of the model that the mixture is for (default: those of the longest run)',
    )
    .option('--steps <count>', 'the same in steps, for runs measured in steps')
    .option('--size <size>', 'model size of the runs to decide by (default: the largest with enough mixtures)')
    .option(
      '-o, --output <path>',
      'folder for report.html, mixture.yaml and the files of each step; or a page.html, with those files in page/',
      'decision',
    );
  addFitOptions(addShareOptions(command), 'predict')
    .option('--laws <names>', `laws to choose from, separated by commas (default: ${DECIDING_LAWS.join(',')})`)
    .option('--seed <number>', 'seed of splits and draws', '0')
    .option('--workers <number>', 'worker threads, 0 for none (default: one per core)')
    .option('--date <date>', 'date to write into the files (default: now)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix decide losses.csv --tokens 1T
  $ bimix decide losses.csv --tokens 1T --available tokens.yaml --max-epochs 4 --reference v1.yaml
  $ bimix decide losses.parquet mixtures.csv --tokens 300B -o page.html
  $ bimix decide runs --project bimix.yaml --json`,
    )
    .action(async (paths, options) => {
      const { where: condition, targets, ...fit } = fitSettings(options);
      const seed = seedNumber(options.seed);
      const lawNames = options.laws === undefined ? [...DECIDING_LAWS] : nameList(options.laws);
      const laws = lawNames.map(findLaw);
      const volume = await askedVolume(options);
      const workers =
        options.workers === undefined ? availableParallelism() : wholeNumber('--workers', options.workers, 0);
      const folder = await DecisionFolder.at(options.output);
      const generated = options.date ?? new Date().toISOString();
      await withSteps(async onStep => {
        onStep('reading losses');
        const losses = await lossesOf(paths, options.where);
        const { table, label, leftOut } = runsToDecideOn(losses.table, options.size);
        const basis = { laws: lawNames, targets: targets ?? null, fit, seed, where: condition ?? null };
        const kept = await folder.open(table, basis);
        const threads = workers === 0 || kept.comparison !== undefined ? undefined : holdOutThreads(workers);
        const asked = async (fitted: FittedLaw): Promise<Asked> => ({
          ...(await shareOptions(options, fitted)),
          ...(volume === undefined ? {} : { volume }),
        });
        const decision = await decide(table, {
          ...{ asked, laws, fit, seed },
          ...(targets === undefined ? {} : { targets }),
          ...kept,
          ...(threads === undefined ? {} : { crew: threads.crew }),
          measuredOn: describeRuns(table, label),
          version: folder.version,
          onProgress: onStep,
          onComparison: comparison => folder.writeComparison(comparison),
          onLaw: fitted => folder.writeLaw(fitted),
        }).finally(() => threads?.close());
        await folder.writeMixture(decision, generated.slice(0, 10));
        onStep('drawing the report');
        const shape = await asked(decision.fitted);
        const commands = folder.commands(paths, decision);
        const input = reportInput(
          table,
          decision.fitted,
          {
            ...{ title: 'Which data mixture?', generated, volume: shape.volume, shape, mixtures: [], groups: null },
            ...{ split: undefined, seed, entropy: null, later: null, comparison: decision.comparison },
            decision: {
              sentence: decisionInWords(decision),
              instead: insteadInWords(decision),
              carries: decision.confidence.against.length === 0,
            },
            commands: commands.map(({ command }) => command),
          },
          (done, total) => onStep('holding out runs', done, total),
        );
        await folder.writePage(await renderReport({ ...input, findings: losses.findings }));
        const json = decisionJson(decision, folder.files);
        await folder.close(json);
        if (options.json) printJson(json);
        else {
          printText(
            ...decisionText(decision, describeRuns(table, label)),
            importInBrief(losses, paths, leftOut),
            folder.describe(commands),
          );
        }
        sayWritten(folder.page, 'open it in a browser');
      });
    });
}
