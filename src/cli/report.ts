/** `bimix report`: everything known of runs, law and mixture, as one HTML file. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { type EntropyResults, parseEntropyResults } from '../entropy/index.ts';
import { BimixError } from '../errors/index.ts';
import { checkOutputFile, readInputFile, writeWholeFile } from '../files/index.ts';
import { readRunsFile } from '../importers/index.ts';
import type { FittedLaw } from '../laws/index.ts';
import { type ReportInput, renderCharts, renderReport, svgToPng } from '../report/index.ts';
import { readComparison } from './comparison-argument.ts';
import { nameList, SEED_HELP, seedNumber } from './fit-settings.ts';
import { readLaw, SIZE_HELP } from './law-argument.ts';
import { MIXTURE_HELP, mixturesOfLaw, readNamedMixture } from './mixture-argument.ts';
import { printJson, sayWritten } from './print.ts';
import { withProgress } from './progress.ts';
import { type ReportQuestion, reportInput } from './report-contents.ts';
import { addShareOptions, askedVolume, shareOptions } from './share-options.ts';

export function addReport(program: Command): void {
  const command = program
    .command('report')
    .summary('write one HTML file with data, law, evidence and optimum')
    .description(
      'Writes one self-contained HTML file that you can read offline and print: the runs, the law, how well it predicts held-out runs, the optimum beside reference mixtures, and how it moves with the budget.',
    )
    .argument('<runs>', 'runs.jsonl, from bimix import')
    .argument('<law>', 'law.json, from bimix fit')
    .argument('[mixtures...]', `mixtures to show beside the optimum: ${MIXTURE_HELP}`)
    .option('-o, --output <file>', 'where to write the report', 'report.html')
    .option('--tokens <count>', 'training tokens of the optimum (default: the largest volume of the runs)')
    .option('--steps <count>', 'training steps of the optimum, for laws fitted in steps')
    .option('--size <size>', SIZE_HELP)
    .option('--split <form>', 'how runs are held out as evidence, as in bimix evaluate (default: kfold:5)')
    .option('--seed <number>', SEED_HELP, '0')
    .option('--entropy <file>', 'entropy.json of the same domains, from bimix entropy, to show how diverse they are');
  addShareOptions(command)
    .option('--compare <file>', 'comparison.json of the same runs, from bimix compare --json, to show every law')
    .option('--verify <runs>', 'runs.jsonl of runs made after the fit, to show whether its predictions came true')
    .option(
      '--first <domains>',
      'with --second: the trade-off between two groups of evaluation domains, as in bimix pareto',
    )
    .option('--second <domains>', 'evaluation domains of the second group, separated by commas')
    .option('--title <text>', 'title of the report')
    .option('--date <date>', 'date to print (default: now)')
    .option('--svg <folder>', 'write each chart as SVG too')
    .option('--png <folder>', 'write each chart as PNG too')
    .option('--json', 'print what was written and the optimum as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix report runs.jsonl law.json -o report.html
  $ bimix report runs.jsonl law.json mixture.yaml slimpajama/doremi --tokens 100B -o report.html
  $ bimix report runs.jsonl law.json mixture.yaml --verify later.jsonl -o report.html
  $ bimix report runs.jsonl law.json -o report.html --png charts/`,
    )
    .action(async (runsPath, lawPath, texts, options) => {
      await checkOutputFile(options.output);
      const fitted = await readLaw(lawPath, options.size);
      const { table } = await readRunsFile(runsPath);
      const shape = await shareOptions(options, fitted);
      const sources = mixturesOfLaw(fitted, shape);
      const mixtures = await Promise.all(texts.map(text => readNamedMixture(text, sources)));
      const question: ReportQuestion = {
        title: options.title ?? 'Which data mixture?',
        generated: options.date ?? new Date().toISOString(),
        volume: await askedVolume(options),
        shape,
        mixtures,
        groups: groupsOption(options),
        split: options.split,
        seed: seedNumber(options.seed),
        entropy: options.entropy === undefined ? null : await readEntropy(options.entropy, fitted),
        later: options.verify === undefined ? null : (await readRunsFile(options.verify)).table,
        comparison: options.compare === undefined ? null : await readComparison(options.compare, fitted),
        commands: commandLines(runsPath, lawPath, texts, fitted),
      };
      const input = await withProgress('holding out runs and optimizing', onProgress =>
        reportInput(table, fitted, question, onProgress),
      );
      const { pictures, page } = await withProgress('drawing the report', async () => ({
        pictures: await pictureFiles(input, options.svg, options.png),
        page: await renderReport(input),
      }));
      await writeWholeFile(options.output, page);
      for (const { path, content } of pictures) await writeWholeFile(path, content);
      if (options.json) {
        const { evidence, proposal } = input;
        const laws = evidence?.laws.map(({ law, mean }) => ({ law, mean })) ?? null;
        printJson({ output: options.output, pictures: pictures.map(({ path }) => path), heldOut: laws, proposal });
      }
      sayWritten(options.output, 'open it in a browser');
      for (const folder of [options.svg, options.png]) if (folder !== undefined) sayWritten(folder, 'one file a chart');
    });
}

/** @throws BimixError `missing-group` when one is given without the other */
function groupsOption({
  first,
  second,
}: {
  first?: string | undefined;
  second?: string | undefined;
}): ReportQuestion['groups'] {
  if (first === undefined && second === undefined) return null;
  if (first !== undefined && second !== undefined) return { first: nameList(first), second: nameList(second) };
  const absent = first === undefined ? '--first' : '--second';
  throw new BimixError('missing-group', `missing ${absent}: a front needs two groups of evaluation domains`);
}

/** @throws BimixError `invalid-entropy-file` when it is of other domains than the law's */
async function readEntropy(path: string, { trainingDomains }: FittedLaw): Promise<EntropyResults> {
  const results = parseEntropyResults((await readInputFile(path)).text(), path);
  const measured = Object.keys(results.domains);
  if (measured.some(domain => trainingDomains.includes(domain))) return results;
  const message = `invalid entropies for this law: they cover ${measured.join(', ')}, but the law covers ${trainingDomains.join(', ')}`;
  throw new BimixError('invalid-entropy-file', message, {
    hint: 'Give the entropies of the training domains, under their names.',
    where: { file: path },
  });
}

interface Picture {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** Each chart as a file in the folders asked for; drawn before anything is written. */
async function pictureFiles(input: ReportInput, svgFolder?: string, pngFolder?: string): Promise<Picture[]> {
  if (svgFolder === undefined && pngFolder === undefined) return [];
  const pictures: Picture[] = [];
  for (const { name, svg } of await renderCharts(input)) {
    if (svgFolder !== undefined) pictures.push({ path: join(svgFolder, `${name}.svg`), content: svg });
    if (pngFolder !== undefined) pictures.push({ path: join(pngFolder, `${name}.png`), content: await svgToPng(svg) });
  }
  for (const folder of [svgFolder, pngFolder]) if (folder !== undefined) await mkdir(folder, { recursive: true });
  return pictures;
}

function commandLines(runs: string, law: string, mixtures: readonly string[], fitted: FittedLaw): string[] {
  const where = fitted.settings.where === undefined ? '' : ` --where '${fitted.settings.where}'`;
  return [
    `bimix fit ${runs} --law ${fitted.law}${where} -o ${law}`,
    `bimix evaluate ${runs} --law ${fitted.law}${where}`,
    ['bimix report', runs, law, ...mixtures, '-o report.html'].join(' '),
  ];
}
