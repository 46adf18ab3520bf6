/**
 * Fits a law to few runs, as of a large model, with priors from its fit to many runs of a small one. Where there are runs
 * enough to hold some out, the fit without the prior is tried beside it on the same folds. With as many runs as the law wants
 * by itself, the prior is dropped where it predicts worse: a large model need not look like the small one.
 */

import { BimixError } from '../errors/index.ts';
import { type FittedLaw, type Law, predictDesign, type Stack, type Warning } from '../laws/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { evaluationTargets, lossAt, type RunTable, selectRows, splitRuns } from '../observations/index.ts';
import { type FitLawOptions, fitFormula } from './fit-formula.ts';
import { lawOfPrior, priorOfTarget } from './prior.ts';
import { targetData } from './target-data.ts';

/** Fewer runs are not held out: the rest would be one. */
const LEAST_RUNS = 3;
/** Folds of the comparison, or as many as there are runs. */
const MOST_FOLDS = 8;

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
  const heldOut = table.runs.length < LEAST_RUNS ? undefined : compare(table, law, prior, targets, options);
  const alone = table.runs.length >= law.runsWanted(table.trainingDomains.length);
  const dropped = alone && heldOut !== undefined && heldOut.mreWithout < heldOut.mre;
  const record = {
    law: prior.law,
    ...(prior.size === undefined ? {} : { size: prior.size }),
    runs: prior.covered.runs.length,
    ...(heldOut === undefined ? {} : { heldOut }),
    ...(dropped ? { dropped } : {}),
  };
  // Runs enough for the law are those of the prior.
  const fitted = dropped
    ? fitFormula(table, law, options)
    : fitFormula(table, { ...law, runsWanted: () => 1 }, { ...options, prior });
  const of = prior.size === undefined ? '' : ` of ${formatQuantity(prior.size)} parameters`;
  const from = `${prior.covered.runs.length} runs${of}`;
  return {
    ...fitted,
    settings: { ...fitted.settings, prior: record },
    verdict: dropped
      ? `${fitted.verdict} The prior from ${from} is left out: without it, runs held out are predicted better.`
      : `${fitted.verdict} Priors are from ${from}.`,
    warnings: [...fitted.warnings, ...(dropped ? [] : names.map(withoutPrior))],
  };
}

function withoutPrior(domain: string): Warning {
  const message = `the prior was not fitted to ${domain}, or with another training domain for it: its coefficients are from these runs alone.`;
  return { code: 'no-prior', message, domain };
}

/** Mean relative errors with and without the prior on whole runs held out, mean over targets. */
function compare(
  table: RunTable,
  law: Law,
  prior: FittedLaw,
  targets: readonly number[],
  { onProgress, ...options }: Omit<FitLawOptions, 'prior'>,
): { readonly folds: number; readonly mre: number; readonly mreWithout: number } {
  const { folds } = splitRuns(table, `kfold:${Math.min(MOST_FOLDS, table.runs.length)}`, 0);
  const [taken, left] = [new Errors(), new Errors()];
  folds.forEach(({ train, test }, fold) => {
    const part = selectRows(table, train);
    const measured = targets.filter(target => train.some(row => !Number.isNaN(lossAt(table, row, target))));
    const names = measured.map(target => table.evaluationDomains[target]);
    const inner = { ...options, targets: names };
    if (names.length > 0) {
      taken.add(fitFormula(part, law, { ...inner, prior }), table, measured, test);
      left.add(fitFormula(part, law, inner), table, measured, test);
    }
    onProgress?.(fold + 1, folds.length + 1);
  });
  return { folds: folds.length, mre: taken.mean(), mreWithout: left.mean() };
}

/** Relative errors by target. */
class Errors {
  private readonly sums = new Map<number, { sum: number; count: number }>();

  add(fitted: FittedLaw, table: RunTable, targets: readonly number[], rows: Int32Array): void {
    targets.forEach((target, i) => {
      const data = targetData(table, target, rows, fitted.volume.scale, fitted.sizes?.at(-1));
      const entry = this.sums.get(target) ?? { sum: 0, count: 0 };
      predictDesign(fitted, fitted.targets[i], data.design).forEach((logLoss, n) => {
        entry.sum += Math.abs(Math.expm1(logLoss - data.logLosses[n]));
        entry.count++;
      });
      this.sums.set(target, entry);
    });
  }

  mean(): number {
    const means = [...this.sums.values()].filter(({ count }) => count > 0).map(({ sum, count }) => sum / count);
    return means.reduce((sum, mean) => sum + mean, 0) / means.length;
  }
}
