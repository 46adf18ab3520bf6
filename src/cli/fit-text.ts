/** What `bimix fit` says of a law: its coefficients, how well it describes the runs, and what they leave open. */

import {
  commonUnit,
  type FittedLaw,
  type FittedTarget,
  findLaw,
  isStack,
  type Law,
  type Parameter,
  type Stack,
  shapeOfTarget,
  weightName,
} from '../laws/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { targetLabel } from './metric-text.ts';
import { decimal, percent, significant, withError } from './number-text.ts';
import { heading, warningText } from './print.ts';
import { textTable } from './text-table.ts';

/** The paragraphs that `bimix fit` prints of a law. @param from which runs it was fitted on */
export function describeFit(law: Law | Stack, fitted: FittedLaw, from: string): string[] {
  return [
    `${heading(law.title)}  ${law.formula}\n${law.source}\nFitted on ${from}.`,
    ...(isStack(law) ? stackTables(law, fitted) : coefficientTables(law, fitted)),
    warmUpText(fitted),
    priorText(fitted),
    scatterText(fitted),
    `${heading('Verdict:')} ${fitted.verdict}`,
    // What beats the law stands in the verdict.
    warningText(fitted.warnings.filter(({ code }) => code !== 'beaten-by-baseline')),
    'The errors above are of the fit itself. bimix evaluate says how well the law predicts runs it has not seen.',
  ];
}

function coefficientTables(law: Law, fitted: FittedLaw): string[] {
  return [
    `${volumeText(fitted)}${sizeText(fitted)}r: share of tokens; L: ${commonUnit(fitted) ?? 'nats per token, or as named'}. ± is one standard error, runs counted once.${marksText(law, fitted)}`,
    textTable(...commonTable(law, fitted)),
    ...domainTables(law, fitted),
  ];
}

/** The weights, then each member. */
function stackTables(law: Stack, fitted: FittedLaw): string[] {
  const names = law.members.map(({ name }) => name);
  return [
    'Weights by cross-validation inside these runs:',
    textTable(
      ['domain', ...names.map(name => `>${name}`), '>MRE of fit', '>R2 of fit', '>rows'],
      fitted.targets.map(target => [
        targetLabel(target),
        ...names.map(name => percent(target.coefficients[weightName(name)], 0)),
        percent(target.quality.mre),
        decimal(target.quality.r2),
        String(target.quality.rows),
      ]),
    ),
    ...(fitted.members ?? []).flatMap(member => {
      const own = findLaw(member.law);
      return isStack(own) ? [] : [`${heading(own.title)}  ${own.formula}`, ...coefficientTables(own, member)];
    }),
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

function volumeText({ volume: { unit, scale } }: FittedLaw): string {
  return unit === 'none' ? 'The runs have no data volume: x is 1. ' : `x = s / ${formatQuantity(scale)} ${unit}; `;
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

/** The ridge's own. */
const INTERNAL = 'tauMean';

/** Those that are not by training domain. A target without one of its own lacks some that others have. */
function commonParameters(law: Law, fitted: FittedLaw): readonly Parameter[] {
  const ofTargets = fitted.targets
    .map(target => law.parameters(shapeOfTarget(fitted, target)))
    .sort((a, b) => b.length - a.length);
  const byName = new Map(ofTargets.flat().map(parameter => [parameter.name, parameter]));
  return [...byName.values()].filter(({ name }) => domainPart(name, fitted) === undefined && name !== INTERNAL);
}

/** One row a target: the coefficients that are not by training domain, then how good the fit is. */
function commonTable(law: Law, fitted: FittedLaw): [string[], string[][]] {
  const parameters = commonParameters(law, fitted);
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
    targetLabel(target),
    ...parameters.map(({ name }) => coefficientText(target, name)),
    percent(target.quality.mre),
    decimal(target.quality.r2),
    String(target.quality.rows),
    `${target.convergence.startsAtBest} of ${target.convergence.startsFollowed}`,
    significant(target.convergence.conditionNumber, 3),
  ]);
  return [head, rows];
}

/** `0.057 ± 0.001`, with `|` at a bound and `?` where the runs leave the coefficient open; `-` where the target has none. */
function coefficientText(target: FittedTarget, name: string): string {
  const value = target.coefficients[name];
  if (value === undefined) return '-';
  const error = target.standardErrors[name];
  const mark = target.atBound.includes(name) ? ' |' : target.notIdentified.includes(name) ? ' ?' : '';
  return `${error === null ? significant(value, 3) : withError(value, error)}${mark}`;
}

/** What the marks of `coefficientText` mean, where there are any. */
function marksText(law: Law, fitted: FittedLaw): string {
  const texts = commonParameters(law, fitted).flatMap(({ name }) =>
    fitted.targets.map(target => coefficientText(target, name)),
  );
  const marks = [
    ...(texts.some(text => text.endsWith('?')) ? ['?: the runs leave it open'] : []),
    ...(texts.some(text => text.endsWith('|')) ? ['|: on a bound of the fit'] : []),
  ];
  return marks.length === 0 ? '' : ` ${marks.join('; ')}.`;
}

/** Training domain of a coefficient called `t.<domain>`; undefined for the others. */
function domainPart(name: string, { trainingDomains }: FittedLaw): string | undefined {
  const dot = name.indexOf('.');
  return dot > 0 && trainingDomains.includes(name.slice(dot + 1)) ? name.slice(dot + 1) : undefined;
}

/** More columns than this do not fit a terminal. */
const WIDEST = 12;

/** For each coefficient that a target (rows) has one of for each training domain (columns): a table. */
function domainTables(law: Law, fitted: FittedLaw): string[] {
  const names = fitted.targets.flatMap(target =>
    law
      .parameters(shapeOfTarget(fitted, target))
      .flatMap(({ name }) => (domainPart(name, fitted) === undefined ? [] : name)),
  );
  const families = [...new Set(names.map(name => name.slice(0, name.indexOf('.'))))];
  if (families.length > 0 && fitted.trainingDomains.length > WIDEST) {
    return [
      `${families.join(' and ')} of each training domain: too many for a table here; the law file (-o) has them.`,
    ];
  }
  return families.map(family =>
    textTable(
      [`${family}, by training domain`, ...fitted.trainingDomains.map(domain => `>${domain}`)],
      fitted.targets.map(target => [
        targetLabel(target),
        ...fitted.trainingDomains.map(domain => {
          const value = target.coefficients[`${family}.${domain}`];
          return value === undefined && domain === target.own ? 'own' : significant(value, 2);
        }),
      ]),
    ),
  );
}

function warmUpText({ warmUp, volume }: FittedLaw): string {
  if (warmUp.excluded.length === 0) return '';
  const volumes = warmUp.excluded.map(value => formatQuantity(value)).join(', ');
  return `Left out of the fit as warm-up: checkpoints at ${volumes} ${volume.unit} (--warm-up off keeps them).`;
}
