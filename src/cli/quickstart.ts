/** `bimix quickstart`: from sample text to a mixture that was trained, and a report, by the commands of bimix itself. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from '@commander-js/extra-typings';
import pc from 'picocolors';
import { BimixError } from '../errors/index.ts';
import { makeFolder, readInputFile, writeWholeFile } from '../files/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { sampleGroup, sampleGroups } from '../proxies/index.ts';
import { positiveNumber, wholeNumber } from './fit-settings.ts';
import { countOf } from './number-text.ts';
import { printJson, printText, sayWritten } from './print.ts';
import { hasOutput, runStep } from './quickstart-runner.ts';
import { type QuickstartSettings, quickstartSteps, REPORT } from './quickstart-steps.ts';
import { describeQuickstart, type QuickstartResult } from './quickstart-text.ts';
import { writeError } from './terminal.ts';

const SETTINGS_FILE = 'quickstart.json';
/** Of the proxy runs and the trials together, at two cores: what leaves a fifth of the time for everything else. */
const TOKENS_A_MINUTE = 0.95e6;
/** Mixtures tried in the end. */
const TRIAL_RUNS = 4;
/** Multiple of the tokens of a step: the last checkpoint then is where the plan ends. */
const STEP_TOKENS = 1024;
/** Runs are not shorter than this: the law would be of the first steps alone. */
const MIN_TOKENS = 50_000;

export function addQuickstart(program: Command): void {
  program
    .command('quickstart')
    .summary('go the whole way, from sample text to a tested mixture')
    .description(
      'Measures the entropies of sample domains, trains small proxy runs, fits a law, tests it on runs held out, finds the best mixture, trains that mixture and three others to see whether the predictions come true, and writes report.html. Every step is a command of bimix, shown as it runs; its files stay in a folder, and the same command continues after Ctrl-C.',
    )
    .option('--minutes <number>', 'approximate time on two cores, in minutes; more gives longer runs', '5')
    .addOption(
      new Option(
        '--group <name>',
        sampleGroups()
          .map(({ name, title }) => `${name}: ${title}`)
          .join('; '),
      )
        .choices(sampleGroups().map(({ name }) => name))
        .default(sampleGroups()[0].name),
    )
    .option('--parallel <number>', 'runs at a time', '2')
    .option('--folder <folder>', 'where its files go', 'quickstart')
    .option('-o, --output <file>', 'where to write the report', REPORT)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix quickstart
  $ bimix quickstart --minutes 30 --parallel 8
  $ bimix quickstart --group reference-and-markup --folder second`,
    )
    .action(async options => {
      const { domains } = sampleGroup(options.group);
      const runs = 2 * domains.length;
      const settings: QuickstartSettings = {
        ...{ group: options.group, domains, runs },
        tokens: tokensOfRun(positiveNumber('--minutes', options.minutes), runs),
        parallel: wholeNumber('--parallel', options.parallel),
      };
      await openFolder(options.folder, settings);
      const steps = quickstartSteps(settings);
      const began = performance.now();
      writeError(`${announce(settings, options.folder)}\n`);
      for (const [n, step] of steps.entries()) {
        const done = await hasOutput(options.folder, step);
        const place = pc.dim(`[${n + 1}/${steps.length}]`);
        writeError(`${place} ${step.title}  ${pc.dim(`$ bimix ${step.args.join(' ')}`)}${done ? ' (done)' : ''}\n`);
        if (!done) await runStep(options.folder, step);
      }
      const seconds = (performance.now() - began) / 1000;
      await writeWholeFile(options.output, await readFile(path.join(options.folder, REPORT), 'utf8'));
      const result = await readResult(options.folder);
      if (options.json) printJson({ settings, seconds, report: options.output, folder: options.folder, ...result });
      else printText(...describeQuickstart(settings, result));
      sayWritten(options.output, `open it in a browser; everything else is in ${options.folder}`);
    });
}

/** Whole steps. */
function tokensOfRun(minutes: number, runs: number): number {
  const tokens = (minutes * TOKENS_A_MINUTE) / (runs + TRIAL_RUNS);
  return STEP_TOKENS * Math.round(Math.max(MIN_TOKENS, tokens) / STEP_TOKENS);
}

function announce({ group, domains, runs, tokens }: QuickstartSettings, folder: string): string {
  return `${pc.bold('Quickstart')}: ${countOf(domains.length, 'domain')} of ${group}; ${runs} proxy runs and ${TRIAL_RUNS} trials of ${formatQuantity(tokens)} tokens each. Files go to ${folder}; after Ctrl-C the same command goes on.`;
}

/** @throws BimixError `invalid-folder` when it holds a quickstart of other settings */
async function openFolder(folder: string, settings: QuickstartSettings): Promise<void> {
  await makeFolder(folder);
  const file = path.join(folder, SETTINGS_FILE);
  const { parallel: _parallel, ...lasting } = settings;
  const text = `${JSON.stringify(lasting, null, 2)}\n`;
  const before = await readFile(file, 'utf8').catch(() => null);
  if (before === null) {
    await writeWholeFile(file, text);
  } else if (before !== text) {
    throw new BimixError('invalid-folder', `invalid folder ${folder}: it holds a quickstart of other settings`, {
      hint: 'Name another with --folder, or remove it.',
      where: { file },
    });
  }
}

async function readResult(folder: string): Promise<QuickstartResult> {
  const json = async (name: string) => JSON.parse((await readInputFile(path.join(folder, name))).text());
  return { evidence: await json('evidence.json'), verification: await json('verification.json') };
}
