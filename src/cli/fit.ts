/** `bimix fit`: a law's coefficients from a table of runs. */

import type { Command } from '@commander-js/extra-typings';
import { writeWholeFile } from '../files/index.ts';
import { fitLaw } from '../fitting/index.ts';
import {
  type FittedLaw,
  type FittedTarget,
  findLaw,
  formatLaws,
  isStack,
  type Law,
  type Stack,
  shapeOfTarget,
  weightName,
} from '../laws/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { fitSettings, LAMBDA_HELP, robustOption, warmUpOption } from './fit-settings.ts';
import { uncertaintyOption, uncertaintySetting } from './interval-option.ts';
import { readPrior } from './law-argument.ts';
import { decimal, percent, significant, withError } from './number-text.ts';
import { heading, printJson, printText, sayWritten, warningText } from './print.ts';
import { startProgress } from './progress.ts';
import { collect, describeRuns, readSelectedRuns, runsOfFit, WHERE_HELP } from './selected-runs.ts';
import { textTable } from './text-table.ts';

export function addFit(program: Command): void {
  program
    .command('fit')
    .summary('fit a law to the losses of runs')
    .description(
      'Fits a law to every evaluation domain that has a training domain and prints its coefficients, how well it describes the runs, and what the runs leave open. Runs of several model sizes are fitted size by size, or together by a law that knows the size. With --prior, few runs of a large model are fitted with what a law learned from many of a small one.',
    )
    .argument('<runs>', 'runs.jsonl, from bimix import')
    .option('--law <name>', 'law to fit (default: bimix, or the law of the prior)')
    .option('-o, --output <file>', 'where to write the law, as JSON')
    .option('--where <condition>', WHERE_HELP, collect, [])
    .option(
      '--targets <domains>',
      'evaluation domains to fit, separated by commas (default: those with a training domain)',
    )
    .addOption(robustOption)
    .option('--lambda <noise>', LAMBDA_HELP)
    .addOption(warmUpOption)
    .option('--prior <law>', 'law.json of a smaller model: its coefficients become priors')
    .addOption(uncertaintyOption)
    .option('--json', 'print the law as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix fit runs.jsonl -o law.json
  $ bimix fit runs.jsonl --law bimix-transfer --where size=122M -o law.json
  $ bimix fit runs.jsonl --law bimix-transfer-size -o law.json
  $ bimix fit big.jsonl --prior small-law.json -o big-law.json
  $ bimix fit runs.jsonl --where 'step>=6000' --warm-up off --json`,
    )
    .action(async (path, options) => {
      const prior = options.prior === undefined ? undefined : await readPrior(options.prior);
      const law = findLaw(options.law ?? prior?.law ?? 'bimix');
      const uncertainty = uncertaintySetting(options.uncertainty);
      const settings = { ...fitSettings(options), uncertainty, ...(prior === undefined ? {} : { prior }) };
      const table = await readSelectedRuns(path, options.where);
      const laws = runsOfFit(table, law.knowsSize).map(({ label, table: runs }) => {
        const progress = startProgress(`fitting ${law.name}${label === '' ? '' : ` at ${label}`}`);
        const fitted = fitLaw(runs, law, { ...settings, onProgress: progress.update });
        progress.end();
        return { fitted, from: describeRuns(runs, label) };
      });
      const text = formatLaws(laws.map(({ fitted }) => fitted));
      if (options.output !== undefined) {
        await writeWholeFile(options.output, text);
        sayWritten(
          options.output,
          `${law.name}, ${laws.length === 1 ? 'one fit' : `${laws.length} fits, one a model size`}`,
        );
      }
      if (options.json) printJson(JSON.parse(text));
      else for (const { fitted, from } of laws) printText(...describeFit(law, fitted, from));
    });
}

function describeFit(law: Law | Stack, fitted: FittedLaw, from: string): string[] {
  if (isStack(law)) return describeStack(law, fitted, from);
  return [
    `${heading(`${law.title}`)}  ${law.formula}\n${law.source}\nFitted on ${from}.`,
    `x = s / ${scaleText(fitted)}; ${sizeText(fitted)}r: share of tokens; L: nats per token. ± is one standard error, runs counted once.`,
    textTable(...coefficientTable(law, fitted)),
    transferTable(fitted),
    warmUpText(fitted),
    priorText(fitted),
    scatterText(fitted),
    `${heading('Verdict:')} ${fitted.verdict}`,
    warningText(fitted.warnings),
    'The errors above are of the fit itself. bimix evaluate says how well the law predicts runs it has not seen.',
  ];
}

/** The weights, then each member. */
function describeStack(law: Stack, fitted: FittedLaw, from: string): string[] {
  const names = law.members.map(({ name }) => name);
  return [
    `${heading(law.title)}  ${law.formula}\n${law.source}\nFitted on ${from}. Weights by cross-validation inside these runs:`,
    textTable(
      ['domain', ...names.map(name => `>${name}`), '>MRE of fit', '>R2 of fit', '>rows'],
      fitted.targets.map(({ target, coefficients, quality }) => [
        target,
        ...names.map(name => percent(coefficients[weightName(name)], 0)),
        percent(quality.mre),
        decimal(quality.r2),
        String(quality.rows),
      ]),
    ),
    ...(fitted.members ?? []).flatMap(member => describeFit(findLaw(member.law), member, from).slice(0, -1)),
    scatterText(fitted),
    `${heading('Verdict:')} ${fitted.verdict}`,
    'The errors above are of the fit itself. bimix evaluate says how well the law predicts runs it has not seen.',
  ];
}

/** How far new runs are expected to lie off the law, its coefficients apart; and how much of it is their seeds. */
function scatterText({ targets }: FittedLaw): string {
  const known = targets.flatMap(({ target, uncertainty }) =>
    uncertainty === undefined ? [] : [{ target, ...uncertainty }],
  );
  if (known.length === 0) return '';
  const range = (values: readonly number[]): string => {
    const [least, most] = [percent(Math.min(...values)), percent(Math.max(...values))];
    return least === most ? least : `${least} to ${most}`;
  };
  const within = known.map(({ withinSd }) => withinSd);
  const seeds = known.flatMap(({ seed }) => (seed === undefined ? [] : [seed]));
  const replicates =
    seeds.length === 0
      ? ''
      : ` Runs of one mixture differ by ${range(seeds.map(({ sd }) => sd))} (${Math.max(...seeds.map(({ degrees }) => degrees))} runs beyond the first of their mixture): that much is noise, the rest the law's misfit.`;
  const checkpoints = within.some(sd => sd > 0) ? `, checkpoints about their run by ${range(within)}` : '';
  return `Runs lie off the law by ${range(known.map(({ runSd }) => runSd))} of the loss (one standard deviation, by domain)${checkpoints}.${replicates}`;
}

function scaleText(fitted: FittedLaw): string {
  return fitted.volume.unit === 'none' ? 's' : `${formatQuantity(fitted.volume.scale)} ${fitted.volume.unit}`;
}

function sizeText({ sizes }: FittedLaw): string {
  const largest = sizes?.at(-1);
  return largest === undefined ? '' : `n = N / ${formatQuantity(largest)} parameters; `;
}

/** What the prior was worth, where runs could be held out. */
function priorText({ settings: { prior }, covered }: FittedLaw): string {
  if (prior === undefined) return '';
  const of = prior.size === undefined ? '' : ` of ${formatQuantity(prior.size)} parameters`;
  const from = `Prior: ${prior.law} on ${prior.runs} runs${of}`;
  const { heldOut } = prior;
  if (heldOut === undefined) return `${from}. What it gains shows from three runs on, when one can be held out.`;
  const { folds, mre, mreWithout } = heldOut;
  const how = folds === covered.runs.length ? 'one run at a time' : `in ${folds} folds`;
  return `${from}${prior.dropped === true ? ', left out' : ''}. MRE on these ${covered.runs.length} runs held out ${how}: ${percent(mre)} with it, ${percent(mreWithout)} without.`;
}

/** One row a target: the coefficients that all targets share, then how good the fit is. */
function coefficientTable(law: Law, fitted: FittedLaw): [string[], string[][]] {
  const parameters = law
    .parameters(shapeOfTarget(fitted, fitted.targets[0]))
    .filter(({ name }) => !name.startsWith('t.') && name !== 'tauMean');
  const head = [
    'domain',
    ...parameters.map(({ symbol }) => `>${symbol}`),
    '>MRE of fit',
    '>R2 of fit',
    '>rows',
    '>starts agreeing',
    '>condition',
  ];
  const rows = fitted.targets.map(target => [
    target.target,
    ...parameters.map(({ name }) => coefficientText(target, name)),
    percent(target.quality.mre),
    decimal(target.quality.r2),
    String(target.quality.rows),
    `${target.convergence.startsAtBest} of ${target.convergence.startsFollowed}`,
    significant(target.convergence.conditionNumber, 3),
  ]);
  return [head, rows];
}

/** `0.057 ± 0.001`, with `|` at a bound and `?` where the runs leave the coefficient open. */
function coefficientText(target: FittedTarget, name: string): string {
  const value = target.coefficients[name];
  if (value === undefined) return '?';
  const error = target.standardErrors[name];
  const mark = target.atBound.includes(name) ? ' |' : target.notIdentified.includes(name) ? ' ?' : '';
  return `${error === null ? significant(value, 3) : withError(value, error)}${mark}`;
}

/** How much a token of each training domain (columns) helps each target (rows), for laws that know it. */
function transferTable(fitted: FittedLaw): string {
  const helps = (target: FittedTarget, domain: string): number | undefined => target.coefficients[`t.${domain}`];
  if (!fitted.targets.some(target => fitted.trainingDomains.some(domain => helps(target, domain) !== undefined)))
    return '';
  if (fitted.trainingDomains.length > 12)
    return 'The transfer coefficients t are in the law file: too many domains for a table here.';
  const table = textTable(
    ['t: help from', ...fitted.trainingDomains.map(domain => `>${domain}`)],
    fitted.targets.map(target => [
      target.target,
      ...fitted.trainingDomains.map(domain => (domain === target.own ? 'own' : significant(helps(target, domain), 2))),
    ]),
  );
  return table;
}

function warmUpText({ warmUp, volume }: FittedLaw): string {
  if (warmUp.excluded.length === 0) return '';
  const volumes = warmUp.excluded.map(value => formatQuantity(value)).join(', ');
  return `Left out of the fit as warm-up: checkpoints at ${volumes} ${volume.unit} (--warm-up off keeps them).`;
}
