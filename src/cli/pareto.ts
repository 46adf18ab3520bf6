/** `bimix pareto`: what two groups of evaluation domains cost each other. */

import { extname } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import { csvTable } from '../exporters/index.ts';
import { isStandardOutput, writeWholeFile } from '../files/index.ts';
import type { FittedLaw } from '../laws/index.ts';
import { type ParetoFront, paretoFront, referenceInWords } from '../optimize/index.ts';
import { renderFrontChart, svgToPng } from '../report/index.ts';
import { nameList } from './fit-settings.ts';
import { describeLaw, describeVolume, readLaw, SIZE_HELP } from './law-argument.ts';
import { decimal, percent, significant } from './number-text.ts';
import { closingWarnings, heading, leadingWarnings, printJson, printText, sayWritten } from './print.ts';
import { withProgress } from './progress.ts';
import { addShareOptions, askedVolume, shareOptions, withoutPull } from './share-options.ts';
import { textTable } from './text-table.ts';

export function addPareto(program: Command): void {
  const command = program
    .command('pareto')
    .summary('show what two groups of domains cost each other')
    .description(
      'Finds the mixtures under which neither of two groups of evaluation domains can have a lower mean loss without the other having a higher one: from the best for the first to the best for the second.',
    )
    .argument('<law>', 'law.json, from bimix fit')
    .requiredOption('--first <domains>', 'evaluation domains of the first group, separated by commas')
    .requiredOption('--second <domains>', 'evaluation domains of the second group')
    .option('--points <number>', 'how many mixtures', '13')
    .option('--tokens <count>', 'training tokens, for example 100B')
    .option('--steps <count>', 'training steps, for laws fitted in steps')
    .option('--size <size>', SIZE_HELP);
  addShareOptions(command)
    .option('-o, --output <file>', 'where to write the front: .csv, or a chart as .svg or .png')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix pareto law.json --tokens 100B --first github,stackexchange --second c4,book
  $ bimix pareto law.json --tokens 100B --first code --second web,books --worse-at-most 2% -o front.png
  $ bimix pareto law.json --tokens 100B --first code --second web,books -o front.csv`,
    )
    .action(async (path, options) => {
      const { output } = options;
      const write = output === undefined ? undefined : frontWriter(output);
      const fitted = await readLaw(path, options.size);
      const count = Number(options.points);
      if (!Number.isInteger(count) || count < 2 || count > 1000) {
        const message = `invalid --points ${options.points}: expected a whole number from 2 to 1000`;
        throw new BimixError('invalid-points', message);
      }
      const volume = await askedVolume(options);
      const groups = { first: nameList(options.first), second: nameList(options.second) };
      const shape = withoutPull(await shareOptions(options, fitted));
      const front = await withProgress('following the front', () =>
        paretoFront(fitted, groups, count, { ...(volume === undefined ? {} : { volume }), ...shape }),
      );
      if (output !== undefined && write !== undefined) {
        await writeWholeFile(output, await write(fitted, front));
        sayWritten(output, `${front.points.length} mixtures`);
      }
      if (options.json) printJson({ law: fitted.law, ...front });
      else printText(...describeFront(fitted, front));
    });
}

/** @throws BimixError `unknown-format` */
function frontWriter(path: string): (fitted: FittedLaw, front: ParetoFront) => Promise<string | Uint8Array> {
  const ending = extname(path).toLowerCase();
  if (ending === '.csv' || isStandardOutput(path)) return async (fitted, front) => frontCsv(fitted, front);
  if (ending === '.svg') return (_, front) => renderFrontChart(front);
  if (ending === '.png') return async (_, front) => svgToPng(await renderFrontChart(front));
  throw new BimixError('unknown-format', `unknown format of ${path}`, { hint: 'End the name in .csv, .svg or .png.' });
}

/** One row a mixture: mean losses of the groups, gap, shares of tokens and predicted losses, nats per token. */
function frontCsv({ trainingDomains, targets }: FittedLaw, { points }: ParetoFront): string {
  const head = [
    ...['first', 'second', 'weight_of_second', 'gap'],
    ...trainingDomains.map(domain => `share_${domain}`),
    ...targets.map(({ target }) => `loss_${target}`),
  ];
  const rows = points.map(({ first, second, weight, gap, mixture, losses }) => [
    ...[first, second, weight, gap],
    ...trainingDomains.map(domain => mixture[domain]),
    ...targets.map(({ target }) => losses[target]),
  ]);
  return csvTable([head, ...rows]);
}

function describeFront(fitted: FittedLaw, front: ParetoFront): string[] {
  const { trainingDomains } = fitted;
  const { groups, units, points, reference, volume, between, warnings } = front;
  const known = trainingDomains.filter(domain => points.some(({ epochs }) => epochs[domain] !== null));
  const at = describeVolume(fitted, volume.value ?? fitted.volume.scale);
  const gap = Math.max(...points.map(point => point.gap));
  return [
    `${heading(`${groups.first.join(', ')} against ${groups.second.join(', ')} at ${at}`)}\nBy ${describeLaw(fitted)}. Means of the groups: ${unitsInWords(units)}; shares of tokens.${leadingWarnings(warnings)}`,
    textTable(
      ['>first', '>second', '>second per unit of first', ...trainingDomains.map(domain => `>${domain}`)],
      [
        ...points.map(({ first, second, exchange, mixture }) => [
          decimal(first),
          decimal(second),
          significant(exchange, 3),
          ...trainingDomains.map(domain => percent(mixture[domain], 1)),
        ]),
      ],
    ),
    known.length === 0
      ? ''
      : textTable(
          ['>first', ...known.map(domain => `>epochs of ${domain}`)],
          points.map(({ first, epochs }) => [decimal(first), ...known.map(domain => significant(epochs[domain], 3))]),
        ),
    `At ${referenceInWords(reference.name)}: ${decimal(reference.first)} and ${decimal(reference.second)}. Each mixture is at most ${gap.toExponential(1)} above its minimum, and between neighbours none is below the line that joins them by more than ${between.toExponential(1)}.`,
    closingWarnings(warnings),
  ];
}

function unitsInWords({ first, second }: ParetoFront['units']): string {
  const inWords = (unit: string | null): string => unit ?? 'mixed units';
  return first === second ? inWords(first) : `first in ${inWords(first)}, second in ${inWords(second)}`;
}
