/** `bimix predict`: the losses of a mixture that was not trained. */

import type { Command } from '@commander-js/extra-typings';
import { predictLosses, volumeForLaw } from '../laws/index.ts';
import { coverageWarnings, resolveVolume } from '../optimize/index.ts';
import { describeLaw, describeVolume, readLaw, SIZE_HELP, volumeOption } from './law-argument.ts';
import { readNamedMixture } from './mixture-argument.ts';
import { decimal, percent } from './number-text.ts';
import { heading, printJson, printText, warningText } from './print.ts';
import { textTable } from './text-table.ts';

export function addPredict(program: Command): void {
  program
    .command('predict')
    .summary('predict the losses of a mixture')
    .description(
      'Predicts the loss of every target at a mixture and a data volume, and says when that leaves what the runs covered.',
    )
    .argument('<law>', 'law.json, from bimix fit')
    .requiredOption(
      '--mixture <file>',
      'mixture file (YAML, JSON, CSV) or the name of a preset; weights are shares of tokens',
    )
    .option('--tokens <count>', 'training tokens, for example 100B')
    .option('--steps <count>', 'training steps, for laws fitted in steps')
    .option('--size <size>', SIZE_HELP)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix predict law.json --mixture mix.yaml --tokens 100B
  $ bimix predict law.json --mixture slimpajama/doremi --tokens 20B --json`,
    )
    .action(async (path, options) => {
      const fitted = await readLaw(path, options.size);
      const asked = volumeOption(options);
      const volume = volumeForLaw(fitted, asked);
      const { name, shares } = await readNamedMixture(options.mixture, fitted.trainingDomains);
      const losses = predictLosses(fitted, shares, volume);
      const values = Object.values(losses);
      const mean = values.reduce((sum, loss) => sum + loss, 0) / values.length;
      const warnings = [...resolveVolume(fitted, asked).warnings, ...coverageWarnings(fitted, shares)];
      if (options.json) {
        printJson({
          law: fitted.law,
          mixture: Object.fromEntries(fitted.trainingDomains.map((domain, j) => [domain, shares[j]])),
          volume: { unit: fitted.volume.unit, value: fitted.volume.unit === 'none' ? null : volume },
          losses,
          mean,
          warnings,
        });
        return;
      }
      printText(
        `${heading(`${name} at ${describeVolume(fitted, volume)}`)}\nPredicted by ${describeLaw(fitted)}.`,
        textTable(
          ['domain', '>share of tokens', '>loss (nats per token)', '>perplexity'],
          [
            ...fitted.targets.map(({ target, own }) => [
              target,
              own === null ? '-' : percent(shares[fitted.trainingDomains.indexOf(own)]),
              decimal(losses[target]),
              decimal(Math.exp(losses[target]), 2),
            ]),
            ['mean', '', decimal(mean), ''],
          ],
        ),
        warningText(warnings),
      );
    });
}
