/** `bimix predict`: the losses of a mixture that was not trained. */

import type { Command } from '@commander-js/extra-typings';
import {
  commonUnit,
  effectiveShares,
  type FittedLaw,
  noIntervals,
  predictIntervals,
  predictLosses,
  volumeForLaw,
} from '../laws/index.ts';
import { formatQuantity, namedValue } from '../mixture/index.ts';
import {
  coverageWarnings,
  epochsByDomain,
  epochWarnings,
  lossesOfDraw,
  resolveRepetition,
  resolveVolume,
  worthByDomain,
} from '../optimize/index.ts';
import { fewRunsForIntervals, INTERVAL_HELP, intervalLevel, intervalNote, intervalText } from './interval-option.ts';
import { describeLaw, describeVolume, readLaw, SIZE_HELP, volumeOption } from './law-argument.ts';
import { readableValue, targetLabel } from './metric-text.ts';
import { MIXTURE_HELP, mixturesOfLaw, readNamedMixture } from './mixture-argument.ts';
import { decimal, percent, significant } from './number-text.ts';
import { closingWarnings, heading, leadingWarnings, printJson, printText } from './print.ts';
import { repetitionOptions, SHARE_HELP } from './share-options.ts';
import { textTable } from './text-table.ts';

export function addPredict(program: Command): void {
  program
    .command('predict')
    .summary('predict the losses of a mixture')
    .description(
      'Predicts the loss of every target at a mixture and a data volume, and warns when they lie outside what the runs covered.',
    )
    .argument('<law>', 'law.json, from bimix fit')
    .requiredOption('--mixture <mixture>', MIXTURE_HELP)
    .option('--tokens <count>', 'training tokens, for example 100B')
    .option('--steps <count>', 'training steps, for laws fitted in steps')
    .option('--size <size>', SIZE_HELP)
    .option('--available <tokens>', SHARE_HELP.availableForEpochs)
    .option('--repetition [decay]', SHARE_HELP.repetition)
    .option('--interval <percent>', INTERVAL_HELP)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix predict law.json --mixture mix.yaml --tokens 100B
  $ bimix predict law.json --mixture mix.yaml --tokens 100B --interval 90
  $ bimix predict law.json --mixture mix.yaml --tokens 100B --available code:5B --repetition
  $ bimix predict law.json --mixture slimpajama/doremi --tokens 20B --json`,
    )
    .action(async (path, options) => {
      const level = options.interval === undefined ? undefined : intervalLevel(options.interval);
      const fitted = await readLaw(path, options.size);
      const asked = volumeOption(options);
      const volume = volumeForLaw(fitted, asked);
      const known = await repetitionOptions(options);
      const { name, shares } = await readNamedMixture(options.mixture, mixturesOfLaw(fitted, known));
      const resolved = resolveVolume(fitted, asked);
      const draw = describeDraw(fitted, shares, resolved.tokens, known);
      const losses =
        draw.counted === undefined
          ? predictLosses(fitted, shares, volume)
          : Object.fromEntries(
              lossesOfDraw(fitted, volume, draw.counted).map(({ target, loss }) => [target, loss.value(shares)]),
            );
      const values = Object.values(losses);
      const unit = commonUnit(fitted);
      const mean = unit === null ? null : values.reduce((sum, loss) => sum + loss, 0) / values.length;
      const taken = draw.counted === undefined ? shares : effectiveShares(shares, draw.counted);
      const without = level === undefined ? undefined : noIntervals(fitted, volume);
      const intervals =
        level === undefined || without !== undefined ? undefined : predictIntervals(fitted, taken, volume, level);
      const warnings = [
        ...resolved.warnings,
        ...coverageWarnings(fitted, shares),
        ...draw.warnings,
        ...(without === undefined ? [] : [without]),
        ...(intervals === undefined ? [] : fewRunsForIntervals(fitted)),
      ];
      if (options.json) {
        printJson({
          law: fitted.law,
          mixture: Object.fromEntries(fitted.trainingDomains.map((domain, j) => [domain, shares[j]])),
          volume: { unit: fitted.volume.unit, value: fitted.volume.unit === 'none' ? null : volume },
          extrapolation: resolved.extrapolation,
          epochs: draw.epochs,
          repetition: draw.repetition,
          losses,
          ...metricsOf(fitted),
          mean,
          ...(intervals === undefined ? {} : { intervals }),
          warnings,
        });
        return;
      }
      printText(
        `${heading(`${name} at ${describeVolume(fitted, volume)}`)}\nPredicted by ${describeLaw(fitted)}.${leadingWarnings(warnings)}`,
        textTable(
          [
            ...['domain', '>share of tokens', unit === 'nats per token' ? '>loss (nats per token)' : '>predicted'],
            ...(intervals === undefined ? [] : [`>${percent(intervals.level, 0)} interval`]),
            unit === 'nats per token' ? '>perplexity' : '>as perplexity or accuracy',
          ],
          [
            ...fitted.targets.map(target => [
              targetLabel(target),
              target.own === null ? '-' : percent(shares[fitted.trainingDomains.indexOf(target.own)]),
              decimal(losses[target.target]),
              ...(intervals === undefined ? [] : [intervalText(intervals.targets[target.target])]),
              readableValue(target, losses[target.target]),
            ]),
            ...(mean === null
              ? []
              : [['mean', '', decimal(mean), ...(intervals === undefined ? [] : [intervalText(intervals.mean)]), '']]),
          ],
        ),
        intervals === undefined ? '' : intervalNote(fitted, intervals.level),
        draw.text,
        closingWarnings(warnings),
      );
    });
}

/** By evaluation domain, where one is no loss. */
function metricsOf({ targets }: FittedLaw): { metrics?: Record<string, string> } {
  const metrics = targets.flatMap(({ target, metric }) => (metric === undefined ? [] : [[target, metric]]));
  return metrics.length === 0 ? {} : { metrics: Object.fromEntries(metrics) };
}

/** How often the tokens there are would be drawn, and what they are worth where repeated ones count for less. */
function describeDraw(
  { trainingDomains }: FittedLaw,
  shares: Float64Array,
  tokens: number | null,
  options: Awaited<ReturnType<typeof repetitionOptions>>,
) {
  const { tokensAvailable = {} } = options;
  const counted = resolveRepetition(trainingDomains, options, tokens);
  const epochs = epochsByDomain(trainingDomains, shares, tokens, tokensAvailable);
  const repetition =
    counted === undefined ? null : { decay: counted.decay, worth: worthByDomain(trainingDomains, shares, counted) };
  const known =
    tokens === null ? [] : trainingDomains.filter(domain => namedValue(tokensAvailable, domain) !== undefined);
  const without = known.filter(domain => namedValue(epochs, domain) === null);
  const rows = known.map(domain => [
    domain,
    percent(shares[trainingDomains.indexOf(domain)]),
    formatQuantity(tokensAvailable[domain]),
    formatQuantity(shares[trainingDomains.indexOf(domain)] * (tokens ?? 0)),
    significant(epochs[domain], 3),
    ...(repetition === null ? [] : [formatQuantity(repetition.worth[domain])]),
  ]);
  const head = ['training domain', '>share of tokens', '>available', '>drawn', '>epochs'];
  return {
    counted,
    epochs,
    repetition,
    warnings: [
      ...epochWarnings(epochs, tokensAvailable, repetition),
      ...without.map(domain => ({
        code: 'no-tokens-available',
        message: `"${domain}" has no tokens available, yet the mixture draws from it`,
        domain,
      })),
    ],
    text: known.length === 0 ? '' : textTable([...head, ...(repetition === null ? [] : ['>worth as new'])], rows),
  };
}
