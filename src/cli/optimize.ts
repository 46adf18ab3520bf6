/** `bimix optimize`: the best proportions for a token budget. */

import type { Command } from '@commander-js/extra-typings';
import { exporterOfFile } from '../exporters/index.ts';
import { writeWholeFile } from '../files/index.ts';
import type { FittedLaw } from '../laws/index.ts';
import { formatQuantity, namedValue } from '../mixture/index.ts';
import { bestRunInWords, changeInWords, type Proposal, proposeMixture, referenceInWords } from '../optimize/index.ts';
import { INTERVAL_HELP, intervalLevel, intervalText } from './interval-option.ts';
import { describeLaw, describeVolume, readLaw, SIZE_HELP } from './law-argument.ts';
import { targetLabels } from './metric-text.ts';
import { decimal, percent, significant } from './number-text.ts';
import { closingWarnings, heading, leadingWarnings, printJson, printText, sayWarnings, sayWritten } from './print.ts';
import { withProgress } from './progress.ts';
import { exportProposal } from './proposal-export.ts';
import { addShareOptions, askedVolume, shareOptions } from './share-options.ts';
import { textTable } from './text-table.ts';

export function addOptimize(program: Command): void {
  const command = program
    .command('optimize')
    .summary('find the best proportions for a token budget')
    .description(
      'Finds the shares of tokens with the lowest weighted mean of predicted losses, under bounds, tokens available and losses that must be reached, and proves that the optimum is global: its objective lies at most the printed gap above the minimum.',
    )
    .argument('<law>', 'law.json, from bimix fit')
    .option('--tokens <count>', 'training tokens, for example 100B')
    .option('--steps <count>', 'training steps, for laws fitted in steps')
    .option('--size <size>', SIZE_HELP);
  addShareOptions(command)
    .option('--interval <percent>', `for every share and loss: ${INTERVAL_HELP}`)
    .option('-o, --output <file>', 'where to write the mixture: .yaml, .json or .csv')
    .option('--date <date>', 'date to write into the file (default: today)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix optimize law.json --tokens 100B -o mixture.yaml
  $ bimix optimize law.json --tokens 100B --interval 90
  $ bimix optimize law.json --tokens 100B --available tokens.yaml --max-epochs 4 -o mixture.yaml
  $ bimix optimize law.json --tokens 100B --available code:5B,books:2B --repetition
  $ bimix optimize law.json --tokens 100B --reference v1.yaml --worse-at-most 1% --target code:1.9
  $ bimix optimize law.json --tokens 20B --reference slimpajama/baseline --pull 0.1 --json`,
    )
    .action(async (path, options) => {
      const level = options.interval === undefined ? undefined : intervalLevel(options.interval);
      const { output } = options;
      const exporter = output === undefined ? undefined : exporterOfFile(output);
      const fitted = await readLaw(path, options.size);
      const volume = await askedVolume(options);
      const shape = await shareOptions(options, fitted);
      const proposal = await withProgress('looking for the best mixture', () =>
        proposeMixture(fitted, {
          ...(volume === undefined ? {} : { volume }),
          ...shape,
          ...(level === undefined ? {} : { interval: level }),
        }),
      );
      if (output !== undefined && exporter !== undefined) {
        const date = options.date ?? new Date().toISOString().slice(0, 10);
        const { text, warnings } = exportProposal(exporter, fitted, proposal, date);
        await writeWholeFile(output, text);
        sayWritten(output, 'shares of tokens');
        sayWarnings(warnings);
      }
      if (options.json) printJson(proposal);
      else printText(...describeProposal(fitted, proposal));
    });
}

function describeProposal(fitted: FittedLaw, proposal: Proposal): string[] {
  const { volume, gap, method, iterations, reference, objective, unit, meanLoss, bestRun, warnings } = proposal;
  const at = describeVolume(fitted, volume.value ?? fitted.volume.scale);
  const compared = `${changeInWords(objective / reference.objective - 1)} ${referenceInWords(reference.name)}`;
  return [
    `${heading(`Best mixture at ${at}`)}\nBy ${describeLaw(fitted)}.${leadingWarnings(warnings)}`,
    bestRun === null ? '' : bestRunInWords(bestRun, { name: 'The proposal', loss: meanLoss }, volume),
    sharesTable(fitted, proposal),
    lossesTable(fitted, proposal),
    targetsTable(fitted, proposal),
    repetitionText(proposal),
    intervalsText(fitted, proposal),
    `Objective ${decimal(objective)} ${unit ?? 'in mixed units'}, ${compared}. Global optimum: at most ${gap.toExponential(1)} above the minimum (${method}, ${iterations} iterations).`,
    closingWarnings(warnings),
  ];
}

function sharesTable(
  { trainingDomains }: FittedLaw,
  { mixture, tokens, epochs, repetition, freedom, intervals, reference }: Proposal,
): string {
  const shares = intervals?.mixture ?? null;
  const epochsKnown = Object.values(epochs).some(value => value !== null);
  const rows = [...trainingDomains]
    .sort((a, b) => mixture[b] - mixture[a])
    .map(domain => [
      domain,
      percent(mixture[domain]),
      ...(shares === null ? [] : [`${percent(shares[domain].from, 1)} to ${percent(shares[domain].to, 1)}`]),
      `${percent(freedom[domain].from, 1)} to ${percent(freedom[domain].to, 1)}`,
      percent(reference.mixture[domain]),
      ...(tokens === null ? [] : [formatQuantity(tokens[domain])]),
      ...(epochsKnown ? [significant(epochs[domain], 3)] : []),
      ...(repetition === null ? [] : [formatQuantity(repetition.worth[domain])]),
    ]);
  return textTable(
    [
      ...['domain', '>share of tokens'],
      ...(shares === null ? [] : [`>${percent(intervals?.level ?? 0, 0)} interval`]),
      ...['>within +0.1 % of the loss', `>${reference.name}`],
      ...(tokens === null ? [] : ['>tokens']),
      ...(epochsKnown ? ['>epochs'] : []),
      ...(repetition === null ? [] : ['>worth as new']),
    ],
    rows,
  );
}

function lossesTable(fitted: FittedLaw, { losses, reference, intervals }: Proposal): string {
  const labels = targetLabels(fitted);
  const rows = Object.entries(losses).map(([domain, loss]) => {
    const other = namedValue(reference.losses, domain);
    return [
      labels.get(domain) ?? domain,
      decimal(loss),
      ...(intervals === undefined ? [] : [intervalText(intervals.losses[domain])]),
      decimal(other),
      other === undefined ? '-' : percent(loss / other - 1),
    ];
  });
  const interval = intervals === undefined ? [] : [`>${percent(intervals.level, 0)} interval`];
  return textTable(
    ['evaluation domain', '>predicted loss', ...interval, `>at ${referenceInWords(reference.name)}`, '>change'],
    rows,
  );
}

/** What the intervals are of, and how likely the proposal is to pay off. */
function intervalsText({ covered }: FittedLaw, { intervals, reference }: Proposal): string {
  if (intervals === undefined) return '';
  const { level, mean, mixture, beatsReference } = intervals;
  const shares = mixture === null ? '' : ' Intervals of shares: where the best mixture could as well be.';
  return `Mean of the losses ${decimal(mean.loss)}, ${percent(level, 0)} interval ${intervalText(mean)}. A run at this mixture ends below one at ${referenceInWords(reference.name)} with probability ${beatsReference.toFixed(3)}.\nBy the fit to ${covered.runs.length} runs; losses are of new runs, seeds and the law's misfit included.${shares}`;
}

/** Which losses had to be reached, and what each costs. */
function targetsTable(fitted: FittedLaw, { targets, reference }: Proposal): string {
  if (targets.length === 0) return '';
  const labels = targetLabels(fitted);
  const rows = targets.map(({ target, ceiling, from, loss, multiplier, worthOfOnePercent }) => [
    labels.get(target) ?? target,
    decimal(loss),
    decimal(ceiling),
    from === 'target' ? 'its target' : referenceInWords(reference.name),
    multiplier > 0 ? `at most ${significant(worthOfOnePercent, 2)}` : 'nothing: it does not bind',
  ]);
  return textTable(
    ['evaluation domain', '>predicted loss', '>allowed', 'set by', '1 % more would take off the objective'],
    rows,
  );
}

function repetitionText({ repetition }: Proposal): string {
  if (repetition === null) return '';
  return `Repeated tokens count for less: after ${repetition.decay} repetitions the next is worth 1/e of new tokens (Muennighoff et al. 2023).`;
}
