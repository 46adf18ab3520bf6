/** What `bimix next` says of the runs it picked. */

import type { Candidate, Goal, NextRuns } from '../design/index.ts';
import type { FittedLaw, Warning } from '../laws/index.ts';
import { type BestRun, bestRunInWords, type MixtureProblem, objectiveUnit } from '../optimize/index.ts';
import { describeLaw, describeVolume } from './law-argument.ts';
import { decimal, percent } from './number-text.ts';
import { closingWarnings, heading, leadingWarnings } from './print.ts';
import { textTable } from './text-table.ts';

/** Runs that narrow the standard errors by less than this part, all together, change no decision. */
const MIN_ERROR_REDUCTION = 0.02;

const AIMS: Readonly<Record<Goal, string>> = {
  optimum: 'to find the best mixture',
  intervals: 'to predict every mixture well',
  coefficients: 'to tell the coefficients of the law (D-optimal)',
};

/** A warning when none of the runs is worth its compute. */
export function worthWarnings({ goal, runs, standardError, seedSd }: NextRuns): Warning[] {
  if (goal !== 'optimum') {
    const narrowed = 1 - standardError.after / standardError.before;
    if (narrowed >= MIN_ERROR_REDUCTION) return [];
    const message = `no run is worth its compute: together they narrow the standard errors of predictions by ${percent(narrowed)}`;
    return [{ code: 'not-worth-it', message }];
  }
  const expected = runs.reduce((sum, run) => sum + run.regretReduction, 0);
  if (expected >= seedSd) return [];
  const message = `no run is worth its compute: together they are expected to lower the loss decided on by ${percent(expected, 3)}, and two seeds of one mixture differ by about ${percent(seedSd)}`;
  return [{ code: 'not-worth-it', message }];
}

export function nextJson(
  { trainingDomains, law, volume: { unit } }: FittedLaw,
  { volume }: MixtureProblem,
  { goal, now, runs, standardError, seedSd }: NextRuns,
  warnings: readonly Warning[],
  best: BestRun | null,
): object {
  const mixture = ({ shares }: Candidate): object =>
    Object.fromEntries(trainingDomains.map((domain, j) => [domain, shares[j]]));
  return {
    goal,
    law,
    volume: { unit, value: unit === 'none' ? null : volume.atFit },
    extrapolation: volume.extrapolation,
    bestRun: best,
    now: { run: now.candidate.run ?? null, mixture: mixture(now.candidate), loss: now.expected, sd: now.sd },
    runs: runs.map(({ candidate, expected, sd, regretReduction, errorReduction, teaches }) => ({
      run: candidate.name,
      origin: candidate.origin,
      mixture: mixture(candidate),
      ...{ loss: expected, sd, regretReduction, errorReduction, teaches },
    })),
    standardError,
    seedSd,
    warnings,
  };
}

/** @param from the runs at hand, in words */
export function describeNext(
  fitted: FittedLaw,
  { volume, weights }: MixtureProblem,
  next: NextRuns,
  warnings: readonly Warning[],
  best: BestRun | null,
  from: string,
): string[] {
  const { goal, now, standardError, seedSd } = next;
  const asked = { unit: fitted.volume.unit, value: fitted.volume.unit === 'none' ? null : volume.atFit };
  const choice = `The choice without more runs${now.candidate.run === best?.name ? ', the same mixture' : ''}`;
  const where = now.candidate.run === undefined ? 'a mixture not run yet' : `the mixture of run ${now.candidate.run}`;
  return [
    `${heading(`Runs to make next, ${AIMS[goal]} at ${describeVolume(fitted, volume.atFit)}`)}\nBy ${describeLaw(fitted)}; from ${from}.${leadingWarnings(warnings)}`,
    best === null ? '' : bestRunInWords(best, { name: choice, loss: now.expected }, asked),
    runsTable(next),
    `Shares of tokens:\n${sharesTable(fitted, next)}`,
    `Without more runs the choice is ${where}: mean loss ${lossText(now)} ${objectiveUnit(fitted, weights) ?? 'in mixed units'}. Standard errors of predicted losses, root mean square over targets and candidates: ${percent(standardError.before)} now, ${percent(standardError.after)} after these runs.`,
    `Each run is chosen as if those before it had been made. Expected gain: how much lower the mean loss of the mixture then chosen is; two seeds of one mixture differ by about ${percent(seedSd)}. Teaches: the loss it tells most about, and its standard error at the present choice before and after.`,
    closingWarnings(warnings),
  ];
}

function runsTable({ runs }: NextRuns): string {
  return textTable(
    ['run', 'why', '>expected mean loss', '>expected gain', '>narrows errors by', 'teaches'],
    runs.map(({ candidate, expected, sd, regretReduction, errorReduction, teaches }) => [
      candidate.name,
      candidate.origin,
      lossText({ expected, sd }),
      percent(regretReduction),
      percent(errorReduction, 1),
      `${teaches.target}: ${percent(teaches.before)} to ${percent(teaches.after)}`,
    ]),
  );
}

function sharesTable({ trainingDomains }: FittedLaw, { now, runs }: NextRuns): string {
  const columns = [
    { title: now.candidate.run === undefined ? 'choice now' : `choice now (${now.candidate.run})`, ...now },
    ...runs.map(run => ({ title: run.candidate.name, ...run })),
  ];
  return textTable(
    ['domain', ...columns.map(({ title }) => `>${title}`)],
    trainingDomains.map((domain, j) => [domain, ...columns.map(({ candidate }) => percent(candidate.shares[j]))]),
  );
}

function lossText({ expected, sd }: { readonly expected: number; readonly sd: number }): string {
  return `${decimal(expected)} ± ${decimal(sd)}`;
}
