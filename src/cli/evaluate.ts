/** `bimix evaluate`: laws on held-out runs, side by side with naive baselines. */

import type { Command } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import {
  carried,
  type Evidence,
  evaluate,
  type Forecaster,
  type LawEvidence,
  lawForecaster,
  meanBaseline,
  nearestBaseline,
  offsetForecaster,
} from '../evidence/index.ts';
import type { FitLawOptions } from '../fitting/index.ts';
import { type FittedLaw, findLaw, type Law, type Stack } from '../laws/index.ts';
import { evaluationTargets, type RunTable, splitRuns, splitsBySize } from '../observations/index.ts';
import { addFitOptions, fitSettings, nameList, SEED_HELP, seedNumber } from './fit-settings.ts';
import { INTERVAL_HELP, intervalLevel, uncertaintyOption, uncertaintySetting } from './interval-option.ts';
import { readPrior } from './law-argument.ts';
import { decimal, percent } from './number-text.ts';
import { heading, printJson, printText } from './print.ts';
import { withProgress } from './progress.ts';
import { describeRuns, readSelectedRuns, runsOfFit } from './selected-runs.ts';
import { textTable } from './text-table.ts';

/** Laws compared unless others are named; those that predict a domain from its own share only where every target has one. */
const DEFAULT_LAWS = ['bimix', 'bimix-transfer'];
/** Domains shown one by one in the terminal; beyond it, the best and worst. */
const MAX_DOMAINS = 24;

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('measure how well laws predict runs they have not seen')
    .description(
      'Fits laws on part of the runs and predicts the rest: whole runs held out (kfold, every, draw), late checkpoints (last, after), a larger model (size, largest-size), or the protocols of the BiMix paper (protocol-1, protocol-2). Two naive baselines are scored beside the laws: the mean of the training runs, and the training run with the nearest mixture.',
    )
    .argument('<runs>', 'runs.jsonl, from bimix import')
    .option(
      '--law <names>',
      `laws to compare, separated by commas (default: ${DEFAULT_LAWS.join(',')}, or the law of the prior; bimix only where every target has a training domain)`,
    )
    .option(
      '--split <form>',
      'kfold:5, every:4, draw:4, last, after:0.5, size:680M, largest-size, protocol-1 or protocol-2',
      'kfold:5',
    )
    .option('--prior <law>', 'law.json of a smaller model: its law is fitted both with it as a prior and without')
    .option('--seed <number>', SEED_HELP, '0')
    .option('--offset', "with last or after: each law also with each run's own offset, from its earlier checkpoints");
  addFitOptions(command, 'predict')
    .option('--interval <percent>', `${INTERVAL_HELP}; reports how many they really cover`)
    .addOption(uncertaintyOption)
    .option('--points', 'with --json: every held-out point, observed and predicted')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix evaluate runs.jsonl
  $ bimix evaluate runs.jsonl --law bimix-transfer --split every:4 --where size=122M --json
  $ bimix evaluate runs.jsonl --law bimix-transfer --split after:0.5 --offset
  $ bimix evaluate runs.jsonl --law bimix-transfer,stack --interval 90
  $ bimix evaluate runs.jsonl --law bimix-transfer-size,bimix-transfer --split largest-size
  $ bimix evaluate big.jsonl --prior small-law.json --split draw:1
  $ bimix evaluate runs.jsonl --law bimix --split protocol-1 --where 'step<=30000'`,
    )
    .action(async (path, options) => {
      const prior = options.prior === undefined ? undefined : await readPrior(options.prior);
      const { targets: names, ...fit } = fitSettings(options);
      const table = await readSelectedRuns(path, options.where);
      const named = options.law ?? prior?.law;
      const laws = named === undefined ? defaultLaws(table, names) : nameList(named).map(findLaw);
      if (prior !== undefined && laws.every(law => law.name !== prior.law)) throw priorOfOther(prior);
      const acrossSizes = splitsBySize(options.split);
      const seed = seedNumber(options.seed);
      const level = options.interval === undefined ? undefined : intervalLevel(options.interval);
      const settings = {
        ...fit,
        ...(level === undefined ? {} : { uncertainty: uncertaintySetting(options.uncertainty) }),
      };
      const parts = runsOfFit(table, acrossSizes || laws.every(law => law.knowsSize));
      const results: EvaluatedRuns[] = [];
      for (const { size, label, table: runs } of parts) {
        const targets = evaluationTargets(runs, names);
        const split = splitRuns(runs, options.split, seed);
        if (options.offset === true && split.holdsOutRuns) throw offsetWithoutPast(options.split);
        const ofLaws = laws.flatMap(law => {
          const forecasters = [
            ...(prior?.law === law.name ? [lawWithPrior(law, settings, prior)] : []),
            lawForecaster(law, settings),
            ...(options.offset === true ? [offsetForecaster(law, settings)] : []),
          ];
          return acrossSizes && !law.knowsSize ? forecasters.map(carried) : forecasters;
        });
        const baselines = [meanBaseline, nearestBaseline];
        const forecasters = [...ofLaws, ...(acrossSizes ? baselines.map(carried) : baselines)];
        const evidence = await withProgress(`evaluating${label === '' ? '' : ` at ${label}`}`, onProgress =>
          evaluate(runs, forecasters, split, {
            targets,
            ...(level === undefined ? {} : { interval: level }),
            onProgress,
            clock: () => performance.now() / 1000,
          }),
        );
        results.push({ size, evidence, from: describeRuns(runs, label) });
      }
      if (options.json) {
        const values = results.map(({ size, evidence }) => evidenceJson(evidence, size, options.points === true));
        printJson(values.length === 1 ? values[0] : { sizes: values });
      } else
        for (const { evidence, from } of results) printText(...describeEvidence(evidence, from, level !== undefined));
    });
}

interface EvaluatedRuns {
  readonly size: number | undefined;
  readonly evidence: Evidence;
  readonly from: string;
}

function defaultLaws(table: RunTable, names: readonly string[] | undefined): (Law | Stack)[] {
  const haveOwn = evaluationTargets(table, names).every(target => table.ownDomain[target] >= 0);
  return DEFAULT_LAWS.map(findLaw).filter(law => haveOwn || !law.needsOwnDomain);
}

function lawWithPrior(law: Law | Stack, settings: FitLawOptions, prior: FittedLaw): Forecaster {
  return { ...lawForecaster(law, { ...settings, prior }), name: `${law.name}, prior` };
}

function priorOfOther(prior: FittedLaw): BimixError {
  const message = `invalid prior: it is a fit of ${prior.law}, which is not among the laws to evaluate`;
  return new BimixError('invalid-prior', message, { hint: `Add ${prior.law} to --law, or leave --law out.` });
}

function offsetWithoutPast(split: string): BimixError {
  const message = `invalid --offset with --split ${split}: whole runs are held out, and an offset is estimated from a run's earlier checkpoints`;
  return new BimixError('invalid-offset', message, { hint: 'Use --split last or --split after:0.5.' });
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

function describeEvidence(evidence: Evidence, from: string, asked: boolean): string[] {
  const { laws, meaning, runs, points, split } = evidence;
  return [
    `${heading(`Held out: ${meaning}`)} (--split ${split})\nPredicted ${points} losses of ${runs} runs; the table: ${from}.`,
    textTable(
      ['law', '>MRE', '>MRE at last', '>MAE', '>R2', '>R2 of logs', '>Spearman', '>regret@1', '>fit time'],
      laws.map(({ law, kind, mean, regretAt1, fitSeconds }) => [
        kind === 'baseline' ? `${law} (baseline)` : law,
        percent(mean.mre, 3),
        mean.mreAtLast === null ? '-' : percent(mean.mreAtLast, 3),
        decimal(mean.mae),
        decimal(mean.r2),
        decimal(mean.r2Log),
        decimal(mean.spearman, 3),
        regretAt1 === null ? '-' : percent(regretAt1),
        `${fitSeconds.toFixed(2)} s`,
      ]),
    ),
    intervalTable(evidence, asked),
    `MRE, the mean relative error, by domain:`,
    domainTable(laws),
    'MRE: mean |predicted - observed| / observed; at last: over last checkpoints of runs alone.\nMAE: mean |predicted - observed|, in nats per token; of metrics in their units.\nSpearman: rank correlation over held-out mixtures at last checkpoints.\nregret@1: how much worse the run that the law would pick is than the best run of its fold.',
  ];
}

/**
 * Of the laws that have intervals; empty where none were asked for.
 *
 * @param asked whether intervals were asked for
 */
function intervalTable({ laws, points, runs, meaning }: Evidence, asked: boolean): string {
  const measured = laws.flatMap(({ law, interval }) => (interval === undefined ? [] : [{ law, ...interval }]));
  const without = laws.filter(({ kind, interval }) => kind === 'law' && interval === undefined).map(({ law }) => law);
  if (measured.length === 0) return asked ? withoutIntervals(without) : '';
  const table = textTable(
    ['intervals of', '>to cover', '>cover', '>mean width', '>least covered', '>most covered'],
    measured.map(({ law, level, coverage, width, targets }) => {
      const sorted = Object.entries(targets).sort(([, a], [, b]) => a.coverage - b.coverage);
      const named = ([domain, { coverage: part }]: (typeof sorted)[number]): string => `${domain} ${percent(part, 1)}`;
      return [
        law,
        percent(level, 1),
        percent(coverage, 1),
        `${percent(width)} of the loss`,
        named(sorted[0]),
        named(sorted[sorted.length - 1]),
      ];
    }),
  );
  const none = without.length === 0 ? '' : `\n${withoutIntervals(without)}`;
  return `${table}\nMeasured on the same ${points} losses of ${runs} runs, held out: ${meaning}.${none}`;
}

function withoutIntervals(laws: readonly string[]): string {
  return `No intervals from ${laws.join(', ')}: runs of one data volume, or of one model size, do not say how far predictions at others are off.`;
}

function domainTable(laws: readonly LawEvidence[]): string {
  const [first] = laws;
  const domains = Object.keys(first.targets).sort((a, b) => first.targets[b].mre - first.targets[a].mre);
  const shown = domains.slice(0, MAX_DOMAINS);
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
  return rest > 0 ? `${table}\nand ${rest} domains with smaller errors (--json lists all)` : table;
}
