/** `bimix mixture`: the mixture that entropies imply, without any training run. */

import { type Command, Option } from '@commander-js/extra-typings';
import {
  type DomainEntropy,
  type DomainWorth,
  type Entropies,
  type EntropyResults,
  ESTIMATORS,
  findEstimator,
  PROXIES,
  type ProxyMixture,
  parseEntropyResults,
  proxyMixtures,
} from '../entropy/index.ts';
import { BimixError } from '../errors/index.ts';
import { type ExportedMixture, exporterOfFile, exportWarnings } from '../exporters/index.ts';
import { bimixVersion, readBounds, readInputFile, writeWholeFile } from '../files/index.ts';
import { formatQuantity, type Mixture, mixtureToRecord, namedValue, parseQuantity } from '../mixture/index.ts';
import { nearestAllowedMixture } from '../optimize/index.ts';
import { domainNumbers } from './domain-numbers.ts';
import { positiveNumber } from './fit-settings.ts';
import { percent } from './number-text.ts';
import { heading, printJson, printText, sayWarnings, sayWritten, warningText } from './print.ts';
import { SHARE_HELP } from './share-options.ts';
import { textTable } from './text-table.ts';

/** How entropies at the size of the smallest domain are called. */
const EQUAL_SIZE = 'plug-in at equal size';

export function addMixture(program: Command): void {
  program
    .command('mixture')
    .summary('turn entropies into a mixture')
    .description(
      'Gives each domain a share proportional to exp(H / temperature) of its entropy H (Ge et al. 2024, Eq. 13), beside size-proportional and uniform mixtures. With bounds or tokens available, the nearest mixture they allow.',
    )
    .requiredOption('--from <file>', 'entropy.json, from bimix entropy')
    .addOption(new Option('--proxy <name>', 'which entropy').choices(PROXIES).default('conditional' as const))
    .addOption(
      new Option('--estimator <name>', 'how the entropies are estimated (default: as in the file)').choices(
        ESTIMATORS.map(({ name }) => name),
      ),
    )
    .option('--equal-size', 'use plug-in entropies at the size of the smallest domain, where samples differ in size')
    .option('--temperature <number>', 'above 1 flattens the mixture, below 1 sharpens it', '1')
    .option('--tokens <count>', 'training tokens, for epochs')
    .option('--available <tokens>', `${SHARE_HELP.availableForEpochs} (default: as in the entropy file)`)
    .option('--max-epochs <number>', SHARE_HELP.maxEpochs)
    .option('--bounds <file>', SHARE_HELP.bounds)
    .option('-o, --output <file>', 'where to write the mixture: .yaml, .json or .csv')
    .option('--date <date>', 'date to write into the file (default: today)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix mixture --from entropy.json -o mixture.yaml
  $ bimix mixture --from entropy.json --proxy joint --temperature 2
  $ bimix mixture --from entropy.json --tokens 100B --max-epochs 4 -o mixture.yaml`,
    )
    .action(async options => {
      const { output } = options;
      const exporter = output === undefined ? undefined : exporterOfFile(output);
      const results = parseEntropyResults((await readInputFile(options.from)).text(), options.from);
      const estimator = options.equalSize ? EQUAL_SIZE : findEstimator(options.estimator ?? results.estimator).name;
      const temperature = positiveNumber('--temperature', options.temperature);
      const all = proxyMixtures(worths(results, estimator), temperature);
      const wanted = all.find(({ name }) => name === options.proxy);
      if (wanted === undefined) {
        throw new BimixError('missing-entropy', `missing ${options.proxy} entropy: ${options.from} has none`, {
          hint: 'Count again with --von-neumann.',
        });
      }
      const budget = options.tokens === undefined ? undefined : parseQuantity(options.tokens, 'number of tokens');
      const available =
        options.available === undefined
          ? knownTokens(results)
          : await domainNumbers(options.available, 'tokens available');
      const maxEpochs = options.maxEpochs === undefined ? undefined : positiveNumber('--max-epochs', options.maxEpochs);
      const { mixture, activeBounds } = nearestAllowedMixture(wanted.mixture, {
        ...(options.bounds === undefined ? {} : { bounds: await readBounds(options.bounds) }),
        ...(maxEpochs === undefined ? {} : { maxEpochs, tokensAvailable: available }),
        ...(budget === undefined ? {} : { tokenBudget: budget }),
      });
      const drawn = drawnTokens(mixture, budget, available);
      if (output !== undefined && exporter !== undefined) {
        const exported: ExportedMixture = {
          mixture,
          about: {
            law: `${wanted.title} (${estimator}), temperature ${temperature}; Ge et al. 2024, Eq. 13`,
            runs: `none: entropies of ${Object.keys(results.domains).length} domains under ${results.tokenizer?.name ?? 'an unnamed tokenizer'}`,
            ...(budget === undefined ? {} : { volume: `${formatQuantity(budget)} tokens` }),
            seed: 'none: counting is deterministic',
            date: options.date ?? new Date().toISOString().slice(0, 10),
            bimix: bimixVersion(),
          },
          ...drawn,
        };
        await writeWholeFile(output, exporter.write(exported, {}));
        sayWritten(output, 'shares of tokens');
        sayWarnings(exportWarnings(exporter, exported));
      }
      if (options.json) {
        const mixtures = Object.fromEntries(all.map(({ name, mixture: other }) => [name, mixtureToRecord(other)]));
        printJson({
          proxy: options.proxy,
          estimator,
          temperature,
          mixture: mixtureToRecord(mixture),
          ...drawn,
          mixtures,
          activeBounds,
        });
      } else {
        printText(
          `${heading(`The mixture by ${wanted.title}`)}\nShares of tokens; entropies by ${estimator}, under ${results.tokenizer?.name ?? 'an unnamed tokenizer'}.`,
          mixtureTable(mixture, all, results, drawn.epochs),
          activeBounds
            .map(({ domain, bound, share }) => `${domain} is on its limit, ${percent(share)} (${bound}).`)
            .join('\n'),
          warningText(results.warnings),
        );
      }
    });
}

/** Entropies of the estimator asked for, and the size of each domain. */
function worths({ domains }: EntropyResults, estimator: string): Record<string, DomainWorth> {
  return Object.fromEntries(
    Object.entries(domains).map(([name, { vonNeumann, available, tokens }]) => [
      name,
      {
        ...entropiesBy(estimator, name, domains[name]),
        tokens: available ?? tokens,
        ...(vonNeumann === undefined ? {} : { vonNeumann }),
      },
    ]),
  );
}

function entropiesBy(estimator: string, name: string, { estimators, atEqualSize }: DomainEntropy): Entropies {
  const entropies = estimator === EQUAL_SIZE ? atEqualSize['plug-in'] : estimators[estimator];
  if (entropies !== undefined) return entropies;
  throw new BimixError('missing-entropy', `missing entropies of "${name}" (${estimator}): the file has none`, {
    hint: 'Count again with bimix entropy.',
  });
}

function knownTokens({ domains }: EntropyResults): Record<string, number> {
  return Object.fromEntries(
    Object.entries(domains).flatMap(([name, { available }]) => (available === null ? [] : [[name, available]])),
  );
}

function drawnTokens(
  mixture: Mixture,
  budget: number | undefined,
  available: Readonly<Record<string, number>>,
): { tokens?: Record<string, number>; epochs?: Record<string, number | null> } {
  if (budget === undefined) return {};
  const tokens = Object.entries(mixtureToRecord(mixture)).map(([domain, share]) => [domain, share * budget] as const);
  const epochs = tokens.map(([domain, drawn]) => {
    const there = namedValue(available, domain) ?? 0;
    return [domain, there > 0 ? drawn / there : null];
  });
  return { tokens: Object.fromEntries(tokens), epochs: Object.fromEntries(epochs) };
}

function mixtureTable(
  mixture: Mixture,
  all: readonly ProxyMixture[],
  { domains }: EntropyResults,
  epochs: Readonly<Record<string, number | null>> | undefined,
): string {
  const others = all.map(({ mixture: other }) => mixtureToRecord(other));
  const rows = mixture.domains.map((domain, j) => {
    const drawn = namedValue(epochs, domain);
    return [
      domain,
      percent(mixture.proportions[j]),
      ...(epochs === undefined
        ? []
        : [drawn === null || drawn === undefined ? '-' : String(Number(drawn.toPrecision(3)))]),
      ...others.map(other => percent(other[domain])),
      formatQuantity(domains[domain].tokens),
    ];
  });
  const head = [
    'domain',
    '>mixture',
    ...(epochs === undefined ? [] : ['>epochs']),
    ...all.map(({ name }) => `>${name}`),
    '>tokens read',
  ];
  return textTable(head, rows);
}
