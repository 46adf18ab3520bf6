/** `bimix next`: the runs worth their compute. */

import { type Command, Option } from '@commander-js/extra-typings';
import { believe, type Candidate, generateCandidates, isWithin, type NextRuns, nextRuns } from '../design/index.ts';
import { BimixError } from '../errors/index.ts';
import { checkPlanFile, runPlan } from '../exporters/index.ts';
import { checkOutputFile, writeWholeFile } from '../files/index.ts';
import { fitLaw } from '../fitting/index.ts';
import { readMixtureTable } from '../importers/index.ts';
import { DEFAULT_LAW, findLaw, type Law, type Stack } from '../laws/index.ts';
import type { RunTable } from '../observations/index.ts';
import { bestRun, findOptimum, type MixtureProblem, makeProblem } from '../optimize/index.ts';
import { COMPARE_HELP, recommendedLaw } from './comparison-argument.ts';
import { addFitOptions, fitSettings, seedNumber } from './fit-settings.ts';
import { volumeOption } from './law-argument.ts';
import { describeNext, nextJson, worthWarnings } from './next-text.ts';
import { countOf } from './number-text.ts';
import { printJson, printText, sayWritten } from './print.ts';
import { withProgress } from './progress.ts';
import { describeRuns, readSelectedRuns } from './selected-runs.ts';
import { SHARE_HELP, shareOptions } from './share-options.ts';

const MAX_RUNS = 64;

const goalOption = new Option(
  '--goal <goal>',
  'optimum: find the best mixture; intervals: predict every mixture well; coefficients: determine the coefficients of the law (D-optimal)',
)
  .choices(['optimum', 'intervals', 'coefficients'] as const)
  .default('optimum' as const);

export function addNext(program: Command): void {
  const command = program
    .command('next')
    .summary('say which runs to make next')
    .description(
      'Fits a law to the runs at hand and picks the mixtures whose runs would improve the decision most, from a pool or from mixtures it generates: what each is expected to bring, and what it would teach. Weights are shares of tokens.',
    )
    .argument('<runs>', 'runs.jsonl, from bimix import')
    .addOption(goalOption)
    .option('--runs <number>', 'how many runs', '4')
    .option(
      '--pool <file>',
      'mixtures to choose from: CSV, TSV or JSON lines, with a column for each domain (default: generated)',
    )
    .option('--law <name>', `a convex law (default: ${DEFAULT_LAW.name}, or what --compare recommends)`)
    .option('--compare <file>', COMPARE_HELP)
    .option(
      '--tokens <count>',
      'training tokens of the model that the mixture is for (default: those of the longest run)',
    )
    .option('--steps <count>', 'the same in steps, for runs measured in steps')
    .option('--available <tokens>', SHARE_HELP.available)
    .option('--max-epochs <number>', SHARE_HELP.maxEpochs)
    .option('--bounds <file>', SHARE_HELP.bounds)
    .option(
      '--weights <numbers>',
      'weight of each evaluation domain in the mean loss: a file, or code:2,web:1 (default: equal; 0 for those left out)',
    )
    .option('--seed <number>', 'seed of generated mixtures and of draws', '0');
  addFitOptions(command, 'fit')
    .option('-o, --output <file>', 'where to write the plan: .csv or .jsonl, one run per line')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix next runs.jsonl
  $ bimix next runs.jsonl --runs 8 --tokens 100B --available tokens.yaml --max-epochs 4 -o plan.csv
  $ bimix next runs.jsonl --goal intervals --pool candidates.csv --json`,
    )
    .action(async (path, options) => {
      const law = lawToOptimize(options.law ?? (await recommendedLaw(options.compare)) ?? DEFAULT_LAW.name);
      const count = runCount(options.runs);
      const seed = seedNumber(options.seed);
      const settings = fitSettings(options);
      if (options.output !== undefined) {
        checkPlanFile(options.output);
        await checkOutputFile(options.output);
      }
      const table = await readSelectedRuns(path, options.where);
      const fitted = await withProgress(`fitting ${law.name}`, onProgress =>
        fitLaw(table, law, { ...settings, uncertainty: 'laplace', onProgress }),
      );
      const { unit, largest } = fitted.volume;
      const volume = volumeOption(options) ?? (unit === 'none' ? undefined : { unit, value: largest });
      const problem = makeProblem(fitted, {
        ...(volume === undefined ? {} : { volume }),
        ...(await shareOptions({ ...options, target: [] }, fitted)),
      });
      const next = await withProgress('choosing runs', async () => {
        const candidates =
          options.pool === undefined
            ? generated(problem, seed)
            : await poolOf(options.pool, fitted.trainingDomains, problem);
        const { volume, weights, constraints: bounds } = problem;
        const belief = believe(fitted, table, candidates, { volume: volume.atFit, weights, bounds });
        return nextRuns(belief, { goal: options.goal, runs: count, seed });
      });
      if (next.runs.length === 0) throw nothingToRun(options.pool);
      const named = options.pool === undefined ? withNames(next, table) : next;
      const warnings = [...problem.warnings, ...worthWarnings(named)];
      if (options.output !== undefined) {
        const planned = named.runs.map(({ candidate: { name, shares } }) => ({
          name,
          mixture: { domains: fitted.trainingDomains, proportions: shares },
        }));
        await writeWholeFile(options.output, runPlan(options.output, planned));
        sayWritten(options.output, `${countOf(planned.length, 'run')}, shares of tokens`);
      }
      const best = bestRun(fitted, problem);
      if (options.json) printJson(nextJson(fitted, problem, named, warnings, best));
      else printText(...describeNext(fitted, problem, named, warnings, best, describeRuns(table, '')));
    });
}

/** @throws BimixError `invalid-law` for one without an optimum to look for */
function lawToOptimize(name: string): Law | Stack {
  const law = findLaw(name);
  if (law.convex) return law;
  throw new BimixError(
    'invalid-law',
    `invalid law ${name}: its losses are not convex in the mixture, so bimix cannot prove that an optimum is global`,
    {
      hint: 'Choose runs by a convex law, such as bimix-transfer.',
    },
  );
}

function runCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_RUNS) return count;
  throw new BimixError('invalid-runs', `invalid --runs ${text}: expected a whole number from 1 to ${MAX_RUNS}`);
}

function generated({ constraints, objective, reference }: MixtureProblem, seed: number): Candidate[] {
  const { shares } = findOptimum(objective, constraints);
  return generateCandidates({ bounds: constraints, optimum: shares, mean: reference.shares, seed });
}

/** @throws BimixError `invalid-pool` when no mixture of it is allowed */
async function poolOf(path: string, domains: readonly string[], { constraints }: MixtureProblem): Promise<Candidate[]> {
  const pool = (await readMixtureTable(path, domains)).map(mixture => ({ ...mixture, origin: 'pool' }));
  const allowed = pool.filter(({ shares }) => isWithin(shares, constraints));
  if (allowed.length > 0) return allowed;
  const message = `invalid pool ${path}: none of its ${pool.length} mixtures is within the bounds and tokens available`;
  throw new BimixError('invalid-pool', message, { hint: 'Loosen the bounds, or add mixtures.', where: { file: path } });
}

function nothingToRun(pool: string | undefined): BimixError {
  const why =
    pool === undefined
      ? 'missing candidates: the bounds leave no mixture that was not run'
      : `missing candidates: every mixture of ${pool} was run already`;
  return new BimixError('missing-candidates', why, { hint: 'Loosen the bounds, or give other mixtures with --pool.' });
}

/** Generated mixtures get names that no run has. */
function withNames(next: NextRuns, { runs }: RunTable): NextRuns {
  const taken = new Set(runs.map(({ name }) => name));
  let number = 0;
  const fresh = (): string => {
    do number++;
    while (taken.has(`next-${number}`));
    return `next-${number}`;
  };
  return { ...next, runs: next.runs.map(run => ({ ...run, candidate: { ...run.candidate, name: fresh() } })) };
}
