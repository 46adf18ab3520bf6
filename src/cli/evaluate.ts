/** `bimix evaluate`: laws on held-out runs, side by side with naive baselines. */

import type { Command } from '@commander-js/extra-typings';
import {
  type Evidence,
  evaluate,
  type LawEvidence,
  lawForecaster,
  meanBaseline,
  nearestBaseline,
} from '../fitting/index.ts';
import { findLaw } from '../laws/index.ts';
import { evaluationTargets, splitRuns } from '../observations/index.ts';
import {
  fitSettings,
  LAMBDA_HELP,
  nameList,
  robustOption,
  SEED_HELP,
  seedNumber,
  warmUpOption,
} from './fit-settings.ts';
import { decimal, percent } from './number-text.ts';
import { heading, printJson, printText } from './print.ts';
import { startProgress } from './progress.ts';
import { collect, describeRuns, readSelectedRuns, runsBySize, WHERE_HELP } from './selected-runs.ts';
import { textTable } from './text-table.ts';

/** Laws compared unless others are named. */
const DEFAULT_LAWS = 'bimix,bimix-transfer';
/** Domains shown one by one in the terminal; beyond it, the best and worst. */
const MOST_DOMAINS = 24;

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .summary('say how well laws predict runs they have not seen')
    .description(
      'Fits laws on part of the runs and predicts the rest: whole runs held out (kfold, every, draw), late checkpoints (last, after), or the protocols of the BiMix paper (protocol-1, protocol-2). Two naive baselines stand beside the laws: the mean of the training runs, and the training run with the nearest mixture.',
    )
    .argument('<runs>', 'runs.jsonl, from bimix import')
    .option('--law <names>', 'laws to compare, separated by commas', DEFAULT_LAWS)
    .option('--split <form>', 'kfold:5, every:4, draw:4, last, after:0.5, protocol-1 or protocol-2', 'kfold:5')
    .option('--seed <number>', SEED_HELP, '0')
    .option('--where <condition>', WHERE_HELP, collect, [])
    .option(
      '--targets <domains>',
      'evaluation domains to predict, separated by commas (default: those with a training domain)',
    )
    .addOption(robustOption)
    .option('--lambda <noise>', LAMBDA_HELP)
    .addOption(warmUpOption)
    .option('--points', 'with --json: every held-out point, observed and predicted')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix evaluate runs.jsonl
  $ bimix evaluate runs.jsonl --law bimix-transfer --split every:4 --where size=122M --json
  $ bimix evaluate runs.jsonl --law bimix --split protocol-1 --where 'step<=30000'`,
    )
    .action(async (path, options) => {
      const laws = nameList(options.law).map(findLaw);
      const seed = seedNumber(options.seed);
      const { targets: names, ...settings } = fitSettings(options);
      const table = await readSelectedRuns(path, options.where);
      const results = runsBySize(table).map(({ size, label, table: runs }) => {
        const targets = evaluationTargets(runs, names);
        const forecasters = [...laws.map(law => lawForecaster(law, settings)), meanBaseline, nearestBaseline];
        const progress = startProgress(`evaluating${label === '' ? '' : ` at ${label}`}`);
        const evidence = evaluate(runs, forecasters, splitRuns(runs, options.split, seed), {
          targets,
          onProgress: progress.update,
          clock: () => performance.now() / 1000,
        });
        progress.end();
        return { size, evidence, from: describeRuns(runs, label) };
      });
      if (options.json) {
        const values = results.map(({ size, evidence }) => evidenceJson(evidence, size, options.points === true));
        printJson(values.length === 1 ? values[0] : { sizes: values });
      } else for (const { evidence, from } of results) printText(...describeEvidence(evidence, from));
    });
}

/** Points only when asked for, baselines apart from the laws, and no wall-clock time: the same runs give the same bytes. */
function evidenceJson(evidence: Evidence, size: number | undefined, withPoints: boolean): object {
  const one = ({ points, fitSeconds: _, kind: __, ...scores }: LawEvidence): object =>
    withPoints ? { ...scores, points } : scores;
  const { laws, ...rest } = evidence;
  return {
    ...rest,
    ...(size === undefined ? {} : { size }),
    laws: laws.filter(({ kind }) => kind === 'law').map(one),
    baselines: laws.filter(({ kind }) => kind === 'baseline').map(one),
  };
}

function describeEvidence(evidence: Evidence, from: string): string[] {
  const { laws, meaning, runs, points, split } = evidence;
  return [
    `${heading(`Held out: ${meaning}`)} (--split ${split})\nPredicted ${points} losses of ${runs} runs; the table: ${from}.`,
    textTable(
      ['law', '>MRE', '>MAE (nats)', '>R2', '>R2 of logs', '>Spearman', '>regret@1', '>fit time'],
      laws.map(({ law, kind, mean, regretAt1, fitSeconds }) => [
        kind === 'baseline' ? `${law} (baseline)` : law,
        percent(mean.mre, 3),
        decimal(mean.mae),
        decimal(mean.r2),
        decimal(mean.r2Log),
        decimal(mean.spearman, 3),
        regretAt1 === null ? '-' : percent(regretAt1),
        `${fitSeconds.toFixed(2)} s`,
      ]),
    ),
    `MRE, the mean relative error, by domain:`,
    domainTable(laws),
    'MRE: mean |predicted - observed| / observed. Spearman: rank correlation over held-out mixtures at last checkpoints.\nregret@1: how much worse the held-out run is that the law would pick than the best of its fold.',
  ];
}

function domainTable(laws: readonly LawEvidence[]): string {
  const [first] = laws;
  const domains = Object.keys(first.targets).sort((a, b) => first.targets[b].mre - first.targets[a].mre);
  const shown = domains.slice(0, MOST_DOMAINS);
  const table = textTable(
    ['domain', ...laws.map(({ law }) => `>${law}`), '>points', '>runs'],
    shown.map(domain => [
      domain,
      ...laws.map(({ targets }) => percent(targets[domain].mre, 3)),
      String(first.targets[domain].n),
      String(first.targets[domain].runs),
    ]),
  );
  const rest = domains.length - shown.length;
  return rest > 0 ? `${table}\nand ${rest} domains with smaller errors (--json has all)` : table;
}
