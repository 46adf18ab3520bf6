/** `bimix export`: a mixture as a trainer or another file format wants it. */

import { existsSync } from 'node:fs';
import { type Command, Option } from '@commander-js/extra-typings';
import { BimixError, didYouMean } from '../errors/index.ts';
import {
  type About,
  EXPORTERS,
  type ExportedMixture,
  exporterOfFile,
  exportWarnings,
  findExporter,
} from '../exporters/index.ts';
import {
  bimixVersion,
  mixtureOfFile,
  parseStructuredFile,
  readDomainPaths,
  readInputFile,
  writeWholeFile,
} from '../files/index.ts';
import { listPresets, type Mixture, parseInlineMixture, parseQuantity, resolveMixture } from '../mixture/index.ts';
import { epochsByDomain } from '../optimize/index.ts';
import { domainNumbers } from './domain-numbers.ts';
import { readLaw } from './law-argument.ts';
import { MIXTURE_HELP, type MixtureSources, mixturesOfLaw, readNamedMixture } from './mixture-argument.ts';
import { printJson, printText, sayWarnings, sayWritten } from './print.ts';
import { SHARE_HELP } from './share-options.ts';

export function addExport(program: Command): void {
  program
    .command('export')
    .summary('write a mixture for a trainer')
    .description('Writes a mixture in another format. Its shares of tokens, as written, sum to exactly 1.')
    .argument('<mixture>', MIXTURE_HELP)
    .addOption(
      new Option('--to <format>', 'format (default: by the ending of --output, else yaml)').choices(
        EXPORTERS.map(({ name }) => name),
      ),
    )
    .option('--law <file>', 'law.json whose training domains and runs the mixture is named after')
    .option('--size <size>', 'model size of the law, where the file holds several')
    .option('--paths <file>', "path of each domain's data, for formats that name files (YAML or JSON)")
    .option('--template <path>', "path of the data of the other domains, for example '/data/{domain}_text_document'")
    .option('--tokens <count>', 'training tokens, to write the tokens of each domain')
    .option('--available <tokens>', `${SHARE_HELP.availableForEpochs}; needs --tokens`)
    .option('-o, --output <file>', 'where to write it (default: standard output)')
    .option('--date <date>', 'date to write (default: today)')
    .option('--json', 'print the text and where it was written as JSON')
    .addHelpText(
      'after',
      `
Formats:
${EXPORTERS.map(({ name, description }) => `  ${name.padEnd(9)} ${description}`).join('\n')}

Examples:
  $ bimix export mixture.yaml --to megatron --template '/data/{domain}_text_document'
  $ bimix export mixture.yaml -o mixture.csv
  $ bimix export best-run --law law.json -o mixture.yaml
  $ bimix export slimpajama/ce --tokens 100B --available github:30B -o mixture.json`,
    )
    .action(async (source, options) => {
      const { output } = options;
      const exporter =
        options.to !== undefined
          ? findExporter(options.to)
          : output !== undefined
            ? exporterOfFile(output)
            : findExporter('yaml');
      const { mixture, about } = await readSource(source, options);
      const budget = options.tokens === undefined ? undefined : parseQuantity(options.tokens, 'number of tokens');
      const drawn = await drawnTokens(mixture, budget, options.available);
      const dated: About = {
        ...about,
        date: options.date ?? new Date().toISOString().slice(0, 10),
        bimix: bimixVersion(),
      };
      const exported = { mixture, about: dated, ...drawn };
      const warnings = exportWarnings(exporter, exported);
      const text = exporter.write(exported, {
        ...(options.paths === undefined ? {} : { paths: await readDomainPaths(options.paths) }),
        ...(options.template === undefined ? {} : { template: options.template }),
      });
      if (output !== undefined) await writeWholeFile(output, text);
      if (options.json) printJson({ format: exporter.name, output: output ?? null, text, warnings });
      else if (output === undefined) printText(text.trimEnd());
      if (output !== undefined) sayWritten(output, exporter.name);
      if (!options.json) sayWarnings(warnings);
    });
}

/** Tokens of each domain, and epochs where the tokens there are are known. */
async function drawnTokens(
  { domains, proportions }: Mixture,
  budget: number | undefined,
  available: string | undefined,
): Promise<Pick<ExportedMixture, 'tokens' | 'epochs'>> {
  if (budget === undefined && available !== undefined) {
    throw new BimixError('missing-token-budget', 'missing token budget: without one, epochs cannot be counted', {
      hint: 'Pass --tokens.',
    });
  }
  if (budget === undefined) return {};
  const tokens = Object.fromEntries(domains.map((domain, j) => [domain, proportions[j] * budget]));
  if (available === undefined) return { tokens };
  const there = await domainNumbers(available, 'tokens available');
  const unknown = Object.keys(there).find(domain => !domains.includes(domain));
  if (unknown === undefined) return { tokens, epochs: epochsByDomain(domains, proportions, budget, there) };
  throw new BimixError('unknown-domain', `unknown domain "${unknown}" in the available tokens`, {
    hint: didYouMean(unknown, domains),
  });
}

/** The mixture and, where it is a preset or the file is one of bimix's own, where it comes from. */
async function readSource(
  source: string,
  { available, law, size }: { available?: string | undefined; law?: string | undefined; size?: string | undefined },
): Promise<{ mixture: Mixture; about: About }> {
  const tokensAvailable = available === undefined ? undefined : await domainNumbers(available, 'tokens available');
  const isFile = source === '-' || existsSync(source);
  const preset = isFile ? undefined : listPresets().find(({ name }) => name === source.toLowerCase());
  const about = preset === undefined ? {} : { law: `published: ${preset.name}, ${preset.source}` };
  if (law === undefined && isFile) return readMixtureWithFacts(source);
  if (law === undefined && preset !== undefined) return { mixture: preset.mixture, about };
  const given = tokensAvailable === undefined ? {} : { tokensAvailable };
  const sources =
    law === undefined ? domainsOfText(source, tokensAvailable) : mixturesOfLaw(await readLaw(law, size), given);
  const { shares } = await readNamedMixture(source, { ...sources, ...given });
  return { mixture: { domains: sources.domains, proportions: shares }, about };
}

async function readMixtureWithFacts(path: string): Promise<{ mixture: Mixture; about: About }> {
  const file = await readInputFile(path);
  const mixture = mixtureOfFile(file);
  if (/\.[ct]sv(\.gz)?$/i.test(path)) return { mixture, about: {} };
  const { value } = parseStructuredFile(file);
  return { mixture, about: knownFacts((value as { about?: unknown } | null)?.about) };
}

/** Without a law the domains are those with tokens available, or those that the text itself names. */
function domainsOfText(text: string, available: Readonly<Record<string, number>> | undefined): MixtureSources {
  if (available !== undefined) return { domains: Object.keys(available) };
  const inline = parseInlineMixture(text);
  if (inline !== undefined) return { domains: resolveMixture(inline, { name: text }).domains };
  if (!['uniform', 'size', 'best-run'].includes(text)) return { domains: [] };
  throw new BimixError('missing-domains', `missing domains: ${text} does not name any`, {
    hint: 'Pass --law law.json, or --available with the tokens of each domain.',
  });
}

function knownFacts(about: unknown): About {
  if (typeof about !== 'object' || about === null) return {};
  const known = ['law', 'runs', 'volume', 'seed'] as const;
  const facts = about as Record<string, unknown>;
  return Object.fromEntries(known.flatMap(key => (typeof facts[key] === 'string' ? [[key, facts[key]]] : [])));
}
