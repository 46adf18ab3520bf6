/** `bimix design`: plans of runs from scratch. */

import { type Command, Option } from '@commander-js/extra-typings';
import { DESIGN_METHODS, designRuns, findDesignMethod, makeDesignProblem, RUN_NOISE } from '../design/index.ts';
import { parseEntropyResults } from '../entropy/index.ts';
import { BimixError } from '../errors/index.ts';
import { designPlan } from '../exporters/index.ts';
import { bimixVersion, readBounds, readInputFile, writeWholeFile } from '../files/index.ts';
import { type Mixture, makeMixture, parseQuantity } from '../mixture/index.ts';
import { describeDesign, designJson } from './design-text.ts';
import { domainNumbers } from './domain-numbers.ts';
import { nameList, positiveNumber, seedNumber } from './fit-settings.ts';
import { printJson, printText, sayWritten } from './print.ts';
import { startProgress } from './progress.ts';
import { SHARE_HELP } from './share-options.ts';

const MOST_RUNS = 512;
/** As exchanges of a D-optimal choice take seconds. */
const MOST_OPTIMAL_RUNS = 64;

export function addDesign(program: Command): void {
  program
    .command('design')
    .summary('plan runs from scratch')
    .description(
      'Chooses the mixtures of the first runs, within the bounds and the tokens available, and says what a law fitted to them will be able to tell and what not, before anything is trained. Weights are shares of tokens.',
    )
    .argument(
      '[domains]',
      'tokens available by training domain: YAML, JSON or CSV of lines such as "web: 100B", or web:100B,code:12B',
    )
    .option('--domains <names>', 'training domains, separated by commas, where tokens are not known')
    .option('--runs <number>', 'how many runs (default: 2 a domain, or as many as the method has mixtures)')
    .addOption(
      new Option('--method <name>', DESIGN_METHODS.map(({ name, title }) => `${name}: ${title}`).join('; '))
        .choices(DESIGN_METHODS.map(({ name }) => name))
        .default('spread'),
    )
    .option('--from <file>', 'entropy.json, from bimix entropy, for the method entropy')
    .option(
      '--available <tokens>',
      'tokens available, where --domains or --from names the domains: such a file, or code:12B,web:1T',
    )
    .option('--max-epochs <number>', SHARE_HELP.maxEpochs)
    .option('--tokens <count>', 'training tokens of each run')
    .option('--bounds <file>', SHARE_HELP.bounds)
    .option(
      '--noise <number>',
      "standard deviation of a run's log loss about the law, for expected errors",
      String(RUN_NOISE),
    )
    .option('--seed <number>', 'seed of draws, and to train the runs with', '0')
    .option('-o, --output <file>', 'where to write the plan: .jsonl or .csv, one run a line')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix design tokens.yaml --runs 12 --tokens 1B --max-epochs 4 -o plan.jsonl
  $ bimix design --domains web,code,books --method optimal
  $ bimix design tokens.yaml --method entropy --from entropy.json -o plan.csv`,
    )
    .action(async (path, options) => {
      const method = findDesignMethod(options.method);
      const seed = seedNumber(options.seed);
      const noise = positiveNumber('--noise', options.noise);
      const count = options.runs === undefined ? undefined : runCount(options.runs, method.name);
      const tokens = options.tokens === undefined ? undefined : parseQuantity(options.tokens, 'number of tokens');
      const maxEpochs = options.maxEpochs === undefined ? undefined : positiveNumber('--max-epochs', options.maxEpochs);
      const entropies = options.from === undefined ? undefined : await readEntropies(options.from);
      const listed = path === undefined ? {} : await domainNumbers(path, 'tokens available');
      const more = options.available === undefined ? {} : await domainNumbers(options.available, 'tokens available');
      const available = { ...listed, ...more };
      const domains = namesOf(options.domains, listed, more, entropies?.domains);
      const problem = makeDesignProblem(domains, {
        ...(Object.keys(available).length === 0 ? {} : { tokensAvailable: available }),
        ...(maxEpochs === undefined ? {} : { maxEpochs }),
        ...(tokens === undefined ? {} : { tokenBudget: tokens }),
        ...(options.bounds === undefined ? {} : { bounds: await readBounds(options.bounds) }),
        ...(entropies === undefined ? {} : { entropyMixtures: entropies.mixtures }),
        seed,
      });
      const progress = startProgress(`choosing runs by ${method.name}`);
      const design = designRuns(problem, method, { noise, ...(count === undefined ? {} : { runs: count }) });
      progress.end();
      if (options.output !== undefined) {
        const { lower, upper } = problem.constraints;
        const text = designPlan(options.output, {
          version: bimixVersion(),
          method: method.name,
          seed,
          ...(tokens === undefined ? {} : { tokens }),
          ...(Object.keys(available).length === 0 ? {} : { tokensAvailable: available }),
          ...(maxEpochs === undefined ? {} : { maxEpochs }),
          bounds: Object.fromEntries(domains.map((domain, j) => [domain, [lower[j], upper[j]]])),
          runs: design.runs.map(run => ({ ...run, mixture: { domains, proportions: run.shares } })),
        });
        await writeWholeFile(options.output, text);
        sayWritten(options.output, `${design.runs.length} runs, shares of tokens`);
      }
      if (options.json) printJson(designJson(problem, design, noise, tokens));
      else printText(...describeDesign(problem, design, noise, tokens));
    });
}

/** @throws BimixError `invalid-runs` */
function runCount(text: string, method: string): number {
  const count = Number(text);
  const most = method === 'optimal' ? MOST_OPTIMAL_RUNS : MOST_RUNS;
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  const message = `invalid --runs ${text}: expected a whole number from 1 to ${most} for ${method}`;
  throw new BimixError('invalid-runs', message);
}

/** @throws BimixError `missing-domains` when nothing names them, `ambiguous-domains` when two things do */
function namesOf(
  named: string | undefined,
  listed: Readonly<Record<string, number>>,
  available: Readonly<Record<string, number>>,
  ofEntropies: readonly string[] | undefined,
): readonly string[] {
  const ofFile = Object.keys(listed);
  if (named !== undefined && ofFile.length > 0) {
    throw new BimixError('ambiguous-domains', 'ambiguous domains: a file and --domains both name them', {
      hint: 'Leave one of them out, or pass the file as --available.',
    });
  }
  if (named !== undefined) return nameList(named);
  const found = [ofFile, Object.keys(available), ofEntropies ?? []].find(names => names.length > 0);
  if (found !== undefined) return found;
  throw new BimixError('missing-domains', 'missing domains: nothing names them', {
    hint: 'Give a file with lines such as "web: 100B", or --domains web,code,books.',
  });
}

interface EntropyFile {
  readonly domains: readonly string[];
  /** Of the proxies alone, by name. */
  readonly mixtures: Readonly<Record<string, Mixture>>;
}

async function readEntropies(path: string): Promise<EntropyFile> {
  const { domains, mixtures } = parseEntropyResults((await readInputFile(path)).text(), path);
  const named = Object.entries(mixtures).filter(([name]) => name !== 'size' && name !== 'uniform');
  return {
    domains: Object.keys(domains),
    mixtures: Object.fromEntries(
      named.map(([name, weights]) => [name, makeMixture(weights, { name, where: { file: path } })]),
    ),
  };
}
