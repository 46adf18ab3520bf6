/** `bimix design`: plans of runs from scratch. */

import { dirname } from 'node:path';
import { type Command, Option } from '@commander-js/extra-typings';
import {
  DESIGN_METHODS,
  type DesignProblem,
  designRuns,
  makeDesignProblem,
  RUN_NOISE,
  type RunDesign,
} from '../design/index.ts';
import { checkPlanFile, designPlan } from '../exporters/index.ts';
import { bimixVersion, writeWholeFile } from '../files/index.ts';
import { projectIn, projectText } from '../proxies/index.ts';
import { type DesignInputs, designInputs } from './design-inputs.ts';
import { describeDesign, designJson, repetitionText } from './design-text.ts';
import { positiveNumber } from './fit-settings.ts';
import { countOf } from './number-text.ts';
import { printJson, printText, sayWritten } from './print.ts';
import { withProgress } from './progress.ts';
import { collect } from './selected-runs.ts';
import { SHARE_HELP } from './share-options.ts';

export function addDesign(program: Command): void {
  program
    .command('design')
    .summary('plan runs from scratch')
    .description(
      'Chooses the mixtures of the first runs, within the bounds and the tokens available, and says what a law will and will not be able to learn from them, before anything is trained. Weights are shares of tokens.',
    )
    .argument(
      '[project]',
      'bimix.yaml, whose runs bimix run can then train (default: that of the current folder); or tokens available by training domain: YAML, JSON or CSV of lines such as "web: 100B", or web:100B,code:12B',
    )
    .option('--domains <names>', 'training domains, separated by commas, where the tokens available are not known')
    .option('--runs <number>', 'how many runs (default: 2 per domain, or as many as the method has mixtures)')
    .addOption(
      new Option(
        '--method <name>',
        `${DESIGN_METHODS.map(({ name, title }) => `${name}: ${title}`).join('; ')} (default: spread, or given with --mixtures)`,
      ).choices(DESIGN_METHODS.map(({ name }) => name)),
    )
    .option('--from <file>', 'entropy.json, from bimix entropy, for the method entropy')
    .option(
      '--mixtures <list>',
      'for the method given: mixture files, presets, uniform or size, separated by commas, name=file to name the run; or one written out, v1=web:0.6,code:0.4; may be repeated',
      collect,
      [],
    )
    .option(
      '--available <tokens>',
      'tokens available, where --domains or --from names the domains: such a file, or code:12B,web:1T',
    )
    .option('--max-epochs <number>', SHARE_HELP.maxEpochs)
    .option('--tokens <count>', 'training tokens of each run')
    .option('--budget <count>', 'tokens of the training that the mixture is for (default: --tokens)')
    .option(
      '--repetition-matched',
      'limit the tokens each run draws from, so that it repeats them as often as that training will',
    )
    .option('--bounds <file>', SHARE_HELP.bounds)
    .option(
      '--noise <number>',
      "standard deviation of a run's log loss about the law, for expected errors",
      String(RUN_NOISE),
    )
    .option('--seed <number>', 'seed of the draws and of the training (default: 0)')
    .option('-o, --output <file>', 'where to write the plan: .jsonl or .csv, one run per line')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix design bimix.yaml --runs 12 -o plan.jsonl
  $ bimix design tokens.yaml --runs 12 --tokens 1B --max-epochs 4 -o plan.jsonl
  $ bimix design --domains web,code,books --method optimal
  $ bimix design tokens.yaml --method entropy --from entropy.json -o plan.csv
  $ bimix design tokens.yaml --method given --mixtures optimum=mixture.yaml,uniform,size --runs 9 -o trial.jsonl`,
    )
    .action(async (path, options) => {
      const { output } = options;
      if (output !== undefined) checkPlanFile(output);
      const noise = positiveNumber('--noise', options.noise);
      const inputs = await designInputs(path, options);
      const { project, method, domains, runs, tokens, drawnFrom } = inputs;
      // Somebody's own trainer may find its data by prefixes, or on another machine.
      if (project?.trainer.kind === 'embedded') await projectText(project);
      const problem = makeDesignProblem(domains, inputs.limits);
      const design = await withProgress(`choosing runs by ${method.name}`, () =>
        designRuns(problem, method, { noise, ...(runs === undefined ? {} : { runs }) }),
      );
      if (output !== undefined) {
        await writeWholeFile(output, planOf(output, inputs, problem, design));
        sayWritten(output, `${countOf(design.runs.length, 'run')}, shares of tokens`);
      }
      if (options.json) printJson({ ...designJson(problem, design, noise, tokens), tokensAvailable: drawnFrom });
      else {
        const matched = drawnFrom === null ? '' : repetitionText(drawnFrom, tokens ?? 0, inputs.budget ?? 0);
        printText(...describeDesign(problem, design, noise, tokens), matched);
        if (output?.endsWith('.jsonl') && project !== null) printText(`Train them with: bimix run ${output}`);
      }
    });
}

function planOf(output: string, inputs: DesignInputs, { constraints }: DesignProblem, { runs }: RunDesign): string {
  const { project, method, seed, domains, tokens, available, maxEpochs, budget, drawnFrom } = inputs;
  const { lower, upper } = constraints;
  return designPlan(output, {
    version: bimixVersion(),
    method: method.name,
    seed,
    ...(tokens === undefined ? {} : { tokens }),
    ...(Object.keys(available).length === 0 ? {} : { tokensAvailable: available }),
    ...(maxEpochs === undefined ? {} : { maxEpochs }),
    ...(budget === undefined ? {} : { budget }),
    bounds: Object.fromEntries(domains.map((domain, j) => [domain, [lower[j], upper[j]]])),
    ...(project === null ? {} : { project: projectIn(project, dirname(output)) }),
    runs: runs.map(run => ({
      ...run,
      mixture: { domains, proportions: run.shares },
      ...(drawnFrom === null ? {} : { tokensAvailable: drawnFrom }),
    })),
  });
}
