/** `bimix design`: plans of runs from scratch. */

import { parse } from 'node:path';
import { type Command, Option } from '@commander-js/extra-typings';
import {
  DESIGN_METHODS,
  type DesignMethod,
  designRuns,
  findDesignMethod,
  makeDesignProblem,
  RUN_NOISE,
} from '../design/index.ts';
import { parseEntropyResults } from '../entropy/index.ts';
import { BimixError } from '../errors/index.ts';
import { designPlan } from '../exporters/index.ts';
import { bimixVersion, readBounds, readInputFile, writeWholeFile } from '../files/index.ts';
import { type Mixture, makeMixture, parseQuantity } from '../mixture/index.ts';
import { describeDesign, designJson } from './design-text.ts';
import { domainNumbers } from './domain-numbers.ts';
import { nameList, positiveNumber, seedNumber } from './fit-settings.ts';
import { readNamedMixture } from './mixture-argument.ts';
import { printJson, printText, sayWritten } from './print.ts';
import { startProgress } from './progress.ts';
import { collect } from './selected-runs.ts';
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
        .default('spread', 'spread, or given with --mixtures'),
    )
    .option('--from <file>', 'entropy.json, from bimix entropy, for the method entropy')
    .option(
      '--mixtures <list>',
      'for the method given: mixture files, presets, uniform or size, separated by commas; name=file names the run',
      collect,
      [],
    )
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
  $ bimix design tokens.yaml --method entropy --from entropy.json -o plan.csv
  $ bimix design tokens.yaml --method given --mixtures optimum=mixture.yaml,uniform,size --runs 9 -o trial.jsonl`,
    )
    .action(async (path, options, command) => {
      const isNamed = command.getOptionValueSource('method') === 'cli';
      const method = designMethod(isNamed ? options.method : undefined, options.mixtures);
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
        ...(options.mixtures.length === 0
          ? {}
          : { givenMixtures: await readGiven(options.mixtures, domains, available) }),
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

/** @throws BimixError `ambiguous-method` when mixtures are given to a method that has its own */
function designMethod(name: string | undefined, mixtures: readonly string[]): DesignMethod {
  if (mixtures.length === 0) return findDesignMethod(name ?? 'spread');
  if (name === undefined || name === 'given') return findDesignMethod('given');
  throw new BimixError(
    'ambiguous-method',
    `ambiguous method: ${name} has its own mixtures, and --mixtures names some`,
    {
      hint: 'Leave one of them out.',
    },
  );
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

/** @param lists entries such as `optimum=mixture.yaml`, `v1.yaml`, `slimpajama/doremi`, `uniform` or `size` */
async function readGiven(
  lists: readonly string[],
  domains: readonly string[],
  available: Readonly<Record<string, number>>,
): Promise<Record<string, Mixture>> {
  const given: Record<string, Mixture> = {};
  for (const entry of lists.flatMap(nameList)) {
    const [name, text] = entry.includes('=') ? splitOnce(entry) : [nameOfMixture(entry), entry];
    if (given[name] !== undefined) {
      throw new BimixError('ambiguous-mixture', `ambiguous mixture "${name}": it is named twice`, {
        hint: 'Give each a name of its own: --mixtures v1=old.yaml,v2=new.yaml.',
      });
    }
    given[name] = await givenMixture(text, domains, available);
  }
  return given;
}

function splitOnce(entry: string): [name: string, text: string] {
  const at = entry.indexOf('=');
  return [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
}

/** `mixtures/v1.yaml` as `v1`. */
function nameOfMixture(text: string): string {
  return parse(text).name;
}

async function givenMixture(
  text: string,
  domains: readonly string[],
  available: Readonly<Record<string, number>>,
): Promise<Mixture> {
  if (text === 'uniform') return mixtureOf(domains, () => 1);
  if (text !== 'size') {
    const { shares } = await readNamedMixture(text, domains);
    return mixtureOf(domains, j => shares[j]);
  }
  const unknown = domains.find(domain => available[domain] === undefined);
  if (unknown === undefined) return mixtureOf(domains, j => available[domains[j]]);
  throw new BimixError('missing-tokens-available', `missing tokens available of "${unknown}": size needs them of all`, {
    hint: 'Give a file with lines such as "code: 12B".',
  });
}

function mixtureOf(domains: readonly string[], weight: (j: number) => number): Mixture {
  return makeMixture(Object.fromEntries(domains.map((domain, j) => [domain, weight(j)])), {
    sumTolerance: Number.POSITIVE_INFINITY,
  });
}
