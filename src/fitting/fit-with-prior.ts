/**
 * Fits a law to few runs, as of a large model, with priors from its fit to many runs of a small one. Where there are runs
 * enough to hold some out, wider priors and none are tried beside them on the same folds: a large model need not look like
 * the small one. They are taken where they predict clearly better; none only with as many runs as the law wants by itself.
 */

import { BimixError } from '../errors/index.ts';
import { coveredShares, type FittedLaw, type Law, type PriorRecord, type Stack, type Warning } from '../laws/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { evaluationTargets, lossAt, type RunTable, selectRows, splitRuns } from '../observations/index.ts';
import { type FitLawOptions, fitFormula } from './fit-formula.ts';
import { HeldOutErrors } from './held-out-errors.ts';
import { lawOfPrior, priorOfTarget } from './prior.ts';

/** Fewer runs are not held out: the rest would be one. */
const MIN_RUNS = 3;
/** Folds of the comparison, or as many as there are runs. */
const MAX_FOLDS = 8;
/** Errors on few runs are noisy: wider priors, or none, must bring the error down to this part of it. */
const WORTHWHILE = 0.95;
/** What the standard deviations of the priors are multiplied by, and undefined for no priors. */
const WIDTHS = [1, 3, undefined] as const;

type Width = (typeof WIDTHS)[number];

/**
 * @throws BimixError `invalid-prior` as `lawOfPrior`, or when the prior has none of the targets; and as `fitFormula`
 */
export function fitWithPrior(
  table: RunTable,
  anyLaw: Law | Stack,
  prior: FittedLaw,
  options: Omit<FitLawOptions, 'prior'>,
): FittedLaw {
  const law = lawOfPrior(table, anyLaw, prior);
  const targets = evaluationTargets(table, options.targets);
  const missing = targets.filter(target => priorOfTarget(prior, table, target) === undefined);
  if (missing.length === targets.length) {
    throw new BimixError('invalid-prior', 'invalid prior: it was fitted to none of the targets of these runs', {
      hint: `It has ${prior.targets.map(({ target }) => target).join(', ')}.`,
    });
  }
  const names = missing.map(target => table.evaluationDomains[target]);
  const errors = table.runs.length < MIN_RUNS ? undefined : compare(table, law, prior, targets, options);
  const alone = table.runs.length >= law.runsWanted(table.trainingDomains.length);
  const width = errors === undefined ? 1 : best(errors.mre, alone);
  // With priors, the runs the law wants are those of the prior.
  const fitted =
    width === undefined
      ? fitFormula(table, law, options)
      : fitFormula(table, { ...law, runsWanted: () => 1 }, { ...options, prior, priorWidth: width });
  const { lowest, highest } = coveredShares(prior);
  // The prior's domains may stand in another order.
  const inOrder = (shares: readonly number[]): number[] =>
    table.trainingDomains.map(domain => shares[prior.trainingDomains.indexOf(domain)]);
  const record: PriorRecord = {
    law: prior.law,
    ...(prior.size === undefined ? {} : { size: prior.size }),
    runs: prior.covered.runs.length,
    ...(errors === undefined ? {} : { heldOut: heldOutRecord(errors, width) }),
    ...(width === undefined ? { dropped: true } : { covered: { lowest: inOrder(lowest), highest: inOrder(highest) } }),
  };
  const of = prior.size === undefined ? '' : ` of ${formatQuantity(prior.size)} parameters`;
  const from = `${prior.covered.runs.length} runs${of}`;
  return {
    ...fitted,
    settings: { ...fitted.settings, prior: record },
    verdict:
      width === undefined
        ? `${fitted.verdict} The prior from ${from} is left out: without it, runs held out are predicted better.`
        : `${fitted.verdict} Priors are from ${from}.`,
    warnings: [...fitted.warnings, ...(width === undefined ? [] : names.map(withoutPrior))],
  };
}

function withoutPrior(domain: string): Warning {
  const message = `the prior was not fitted to ${domain}, or with another training domain for it: its coefficients are from these runs alone.`;
  return { code: 'no-prior', message, domain };
}

interface ErrorsOfWidths {
  readonly folds: number;
  /** Mean relative error by width, mean over targets. */
  readonly mre: ReadonlyMap<Width, number>;
}

function best(mre: ErrorsOfWidths['mre'], alone: boolean): Width {
  const allowed = WIDTHS.filter(width => alone || width !== undefined);
  return allowed.reduce((a, b) => ((mre.get(b) ?? Number.NaN) < WORTHWHILE * (mre.get(a) ?? Number.NaN) ? b : a));
}

/** The error with the priors is that of the width taken, or of the best one where none was. */
function heldOutRecord({ folds, mre }: ErrorsOfWidths, width: Width): NonNullable<PriorRecord['heldOut']> {
  return {
    folds,
    mre: mre.get(width ?? best(mre, false)) ?? Number.NaN,
    mreWithout: mre.get(undefined) ?? Number.NaN,
  };
}

/** Predicts whole runs held out with each width of the priors, and without. */
function compare(
  table: RunTable,
  law: Law,
  prior: FittedLaw,
  targets: readonly number[],
  { onProgress, uncertainty: _, ...options }: Omit<FitLawOptions, 'prior'>,
): ErrorsOfWidths {
  const { folds } = splitRuns(table, `kfold:${Math.min(MAX_FOLDS, table.runs.length)}`, 0);
  const errors = new Map(WIDTHS.map(width => [width, new HeldOutErrors()]));
  folds.forEach(({ train, test }, fold) => {
    const part = selectRows(table, train);
    const measured = targets.filter(target => train.some(row => !Number.isNaN(lossAt(table, row, target))));
    const inner = { ...options, targets: measured.map(target => table.evaluationDomains[target]) };
    for (const [width, sums] of measured.length === 0 ? [] : errors) {
      const fitted = fitFormula(part, law, width === undefined ? inner : { ...inner, prior, priorWidth: width });
      sums.addLaw(fitted, table, measured, test);
    }
    onProgress?.(fold + 1, folds.length + 1);
  });
  return { folds: folds.length, mre: new Map(WIDTHS.map(width => [width, errors.get(width)?.mean() ?? Number.NaN])) };
}
