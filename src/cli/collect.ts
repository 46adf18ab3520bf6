/** `bimix collect`: the losses of finished runs as one table. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { writeWholeFile } from '../files/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { formatRuns, modelSizes, type RunTable, rowCount } from '../observations/index.ts';
import {
  collectRuns,
  type Project,
  type RunSet,
  readPlanFolder,
  readProject,
  readRunStates,
  tokensAvailable,
  trainablePlan,
} from '../proxies/index.ts';
import { findingText } from './finding-text.ts';
import { printJson, printText, sayWritten } from './print.ts';
import { PROJECT_FILE } from './project-argument.ts';
import { runsFolder } from './runs-folder.ts';
import { textTable } from './text-table.ts';

export function addCollect(program: Command): void {
  program
    .command('collect')
    .summary('write the losses of finished runs as runs.jsonl')
    .description(
      'Reads the validation losses of the runs that bimix run trained, here or elsewhere, joins them with the mixtures of the plan, and writes the table that bimix fit takes. Runs that failed or diverged are left out and named. Weights are shares of tokens, as they were drawn where they were counted; losses are nats per token.',
    )
    .argument('[folders...]', 'folders of runs (default: that of the bimix.yaml here, else runs)')
    .option('-o, --output <file>', 'where to write runs.jsonl')
    .option('--unfinished', 'include what runs under way have measured so far')
    .option('--diverged', 'include what diverged runs measured before they diverged')
    .option('--project <file>', 'bimix.yaml whose losses: replaces the one the runs were started with')
    .option('--verbose', 'list every finding')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix collect -o runs.jsonl
  $ bimix collect runs runs-2 -o runs.jsonl
  $ bimix collect --unfinished --json`,
    )
    .action(async (named, options) => {
      const folders = named.length === 0 ? [await runsFolder(undefined)] : named;
      const project = options.project === undefined ? undefined : await readProject(options.project);
      const sets: RunSet[] = [];
      for (const folder of folders) {
        const plan = trainablePlan(await readPlanFolder(folder), project);
        const { trainingDomains } = plan;
        sets.push({ project: plan.project, trainingDomains, states: await readRunStates(plan, folder) });
      }
      const { output, json, unfinished = false, diverged = false } = options;
      const { table, findings } = await collectRuns(sets, { unfinished, diverged });
      if (output !== undefined) await writeWholeFile(output, formatRuns(table));
      if (json) printJson({ ...summary(table), findings, output: output ?? null });
      else {
        printText(
          describe(table),
          ...(['suspicion', 'repair', 'note'] as const).map(kind =>
            findingText(findings, kind, options.verbose === true),
          ),
        );
      }
      if (output === undefined) return;
      sayWritten(output, `${rowCount(table)} checkpoints`);
      if (!json) printText(`\n${nextSteps(output, sets[0].project, table)}`);
    });
}

function summary(table: RunTable): object {
  const { trainingDomains, evaluationDomains, volumeUnit, runs } = table;
  return {
    runs: runs.length,
    checkpoints: rowCount(table),
    sizes: modelSizes(table),
    ...{ trainingDomains, evaluationDomains, volume: volumeUnit },
  };
}

function describe(table: RunTable): string {
  const { trainingDomains, evaluationDomains, volumeUnit, rowVolume, runs } = table;
  const sizes = modelSizes(table).map(formatQuantity);
  const most = largest(rowVolume);
  const until = volumeUnit === 'none' ? ', no data volume' : `, to ${formatQuantity(most)} ${volumeUnit}`;
  return textTable(
    ['', ''],
    [
      ['runs', `${runs.length}${sizes.length === 0 ? '' : ` of ${sizes.join(', ')} parameters`}`],
      ['checkpoints', `${rowCount(table)}${until}`],
      ['training domains', `${trainingDomains.length}: ${trainingDomains.join(', ')}`],
      ['evaluation domains', `${evaluationDomains.length}: ${evaluationDomains.join(', ')}`],
    ],
  )
    .split('\n')
    .slice(1)
    .join('\n')
    .trim();
}

function largest(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}

/** The commands that come next, with what the project says. */
function nextSteps(output: string, project: Project, { volumeUnit, rowVolume }: RunTable): string {
  const { budget, maxEpochs, objective, domains, folder } = project;
  const volume = `--tokens ${formatQuantity(budget ?? largest(rowVolume))}`;
  const file = path.relative('.', path.join(folder, PROJECT_FILE));
  if (existsSync(file)) {
    const asked = budget === null && volumeUnit === 'tokens' ? [volume] : [];
    return [
      `Fit a law: bimix fit ${output} -o law.json`,
      `Then the best mixture: bimix optimize ${['law.json', '--project', file, ...asked].join(' ')} -o mixture.yaml`,
    ].join('\n');
  }
  const numbers = (values: Readonly<Record<string, number>>): string => {
    return Object.entries(values)
      .map(([name, value]) => `${name}:${value}`)
      .join(',');
  };
  // Epochs are of the training that the mixture is for.
  const available = budget === null ? {} : tokensAvailable(project);
  const bounds = domains.filter(({ share: [lower, upper] }) => lower > 0 || upper < 1);
  const options = [
    ...(volumeUnit === 'tokens' ? [volume] : []),
    ...(Object.keys(available).length === 0 ? [] : [`--available ${numbers(available)}`]),
    ...(maxEpochs === null ? [] : [`--max-epochs ${maxEpochs}`]),
    ...(objective === null ? [] : [`--weights ${numbers(objective)}`]),
    ...(bounds.length === 0 ? [] : ['--bounds bounds.yaml']),
  ];
  return [
    `Fit a law: bimix fit ${output} -o law.json`,
    `Then the best mixture: bimix optimize law.json ${options.join(' ')} -o mixture.yaml`,
    ...(bounds.length === 0 ? [] : ['with these shares of bimix.yaml in bounds.yaml:']),
    ...bounds.map(({ name, share: [lower, upper] }) => `  ${name}: [${lower}, ${upper}]`),
  ].join('\n');
}
