/** `bimix path`: how the best mixture moves with the budget. */

import type { Command } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import { formatQuantity, parseQuantity } from '../mixture/index.ts';
import { type BudgetPath, budgetPath, geometricVolumes } from '../optimize/index.ts';
import { describeLaw, readLaw, SIZE_HELP } from './law-argument.ts';
import { decimal, percent, significant } from './number-text.ts';
import { closingWarnings, heading, leadingWarnings, printJson, printText } from './print.ts';
import { withProgress } from './progress.ts';
import { addShareOptions, shareOptions } from './share-options.ts';
import { textTable } from './text-table.ts';

export function addPath(program: Command): void {
  const command = program
    .command('path')
    .summary('show how the optimum moves with the budget')
    .description('Finds the best mixture at several budgets, evenly spaced on a logarithmic scale.')
    .argument('<law>', 'law.json, from bimix fit')
    .option('--tokens <from..to>', 'budgets in tokens, for example 1B..1T')
    .option('--steps <from..to>', 'budgets in steps, for laws fitted in steps')
    .option('--points <number>', 'how many budgets', '7')
    .option('--size <size>', SIZE_HELP);
  addShareOptions(command)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix path law.json --tokens 1B..1T
  $ bimix path law.json --tokens 10B..1T --points 9 --available tokens.yaml --max-epochs 4 --json`,
    )
    .action(async (file, options) => {
      const fitted = await readLaw(file, options.size);
      const { unit, from, to } = rangeOption(options);
      const count = Number(options.points);
      if (!Number.isInteger(count) || count < 2 || count > 1000) {
        throw new BimixError(
          'invalid-points',
          `invalid --points ${options.points}: expected a whole number from 2 to 1000`,
        );
      }
      const shape = await shareOptions(options, fitted);
      const path = await withProgress('looking for the best mixture of each budget', () =>
        budgetPath(fitted, unit, geometricVolumes(from, to, count), shape),
      );
      if (options.json) printJson({ law: fitted.law, ...path });
      else
        printText(
          `${heading('The optimum along the budget')}\nBy ${describeLaw(fitted)}. Shares of tokens.${leadingWarnings(lastWarnings(path))}`,
          pathTable(fitted.trainingDomains, path),
          epochsTable(fitted.trainingDomains, path),
          closingWarnings(lastWarnings(path)),
        );
    });
}

interface Range {
  readonly unit: 'tokens' | 'steps';
  readonly from: number;
  readonly to: number;
}

function rangeOption({ tokens, steps }: { tokens?: string | undefined; steps?: string | undefined }): Range {
  const text = tokens ?? steps;
  const unit = tokens === undefined ? 'steps' : 'tokens';
  if (text === undefined || (tokens !== undefined && steps !== undefined)) {
    throw new BimixError('missing-range', 'missing range of budgets: give one of --tokens and --steps', {
      hint: 'For example --tokens 1B..1T.',
    });
  }
  const [from, to, ...others] = text.split('..');
  if (to === undefined || others.length > 0) {
    throw new BimixError('invalid-range', `invalid range of ${unit} "${text}": expected FROM..TO`, {
      hint: 'For example 1B..1T.',
    });
  }
  return { unit, from: parseQuantity(from, `number of ${unit}`), to: parseQuantity(to, `number of ${unit}`) };
}

function pathTable(domains: readonly string[], { unit, points }: BudgetPath): string {
  return textTable(
    [`>${unit}`, ...domains.map(domain => `>${domain}`), '>objective', '>gap'],
    points.map(({ volume, mixture, objective, gap }) => [
      formatQuantity(volume),
      ...domains.map(domain => percent(mixture[domain], 1)),
      decimal(objective),
      gap.toExponential(1),
    ]),
  );
}

/** How often the tokens there are would be drawn, for the domains whose tokens are known. */
function epochsTable(domains: readonly string[], { unit, points }: BudgetPath): string {
  const known = domains.filter(domain => points.some(({ epochs }) => epochs[domain] !== null));
  if (known.length === 0) return '';
  return textTable(
    [`>${unit}`, ...known.map(domain => `>epochs of ${domain}`)],
    points.map(({ volume, epochs }) => [
      formatQuantity(volume),
      ...known.map(domain => significant(epochs[domain], 3)),
    ]),
  );
}

/** The warnings of the largest budget: those of the others are among them or milder. */
function lastWarnings({ points }: BudgetPath): BudgetPath['points'][number]['warnings'] {
  return points.at(-1)?.warnings ?? [];
}
