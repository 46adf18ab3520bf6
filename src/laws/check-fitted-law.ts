/** Whether the content of a law file fits the law it names: said before anything is predicted from it. */

import { BimixError, type ErrorCode } from '../errors/index.ts';
import { checkCorrections } from './check-correction.ts';
import { checkUncertainty } from './check-uncertainty.ts';
import type { FittedLaw, FittedTarget } from './fitted-law.ts';
import { isStack, type Parameter } from './law.ts';
import { shapeOfTarget, stackParts, thetaOfTarget } from './predict.ts';
import { findLaw } from './registry.ts';
import { parametersOf } from './stack.ts';

/** How far from 1 shares and the weights of a stack may sum. */
const SUM_TOLERANCE = 1e-6;
/** Of theta, beyond a bound of it: a coefficient and its logarithm are each rounded once. */
const BOUND_TOLERANCE = 1e-9;

/**
 * @param file its name, for errors
 * @throws BimixError `invalid-law`, `unknown-law`, `missing-coefficient`, `invalid-coefficient`
 */
export function checkFittedLaw(fitted: FittedLaw, file: string): void {
  const { trainingDomains, targets, volume, members = [] } = fitted;
  const refuse = (message: string): BimixError => refusal('invalid-law', message, file);
  const twice = repeated(trainingDomains);
  if (twice !== undefined) throw refuse(`the training domain "${twice}" is listed twice`);
  const again = repeated(targets.map(({ target }) => target));
  if (again !== undefined) throw refuse(`the target "${again}" is listed twice`);
  if (volume.smallest > volume.largest) {
    throw refuse(`its smallest volume, ${volume.smallest}, is above its largest, ${volume.largest}`);
  }
  for (const target of targets) {
    if (target.own !== null && !trainingDomains.includes(target.own)) {
      throw refuse(`"${target.target}" names "${target.own}", which is no training domain`);
    }
    checkCoefficients(fitted, target, file);
  }
  for (const member of members) {
    if (member.trainingDomains.join('\n') !== trainingDomains.join('\n')) {
      throw refuse(`its member ${member.law} has other training domains`);
    }
    checkFittedLaw(member, file);
  }
  checkCorrections(fitted, file);
  checkUncertainty(fitted, file);
  checkCoverage(fitted, refuse);
}

function checkCoefficients(fitted: FittedLaw, target: FittedTarget, file: string): void {
  const law = findLaw(fitted.law);
  const shape = shapeOfTarget(fitted, target);
  if (isStack(law)) {
    stackParts(law, fitted, target);
    const parameters = parametersOf(law, shape);
    const weights = parameters.map(({ name }) => target.coefficients[name]);
    parameters.forEach((parameter, q) => {
      checkBounds(parameter, weights[q], weights[q], target, file);
    });
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (Math.abs(sum - 1) <= SUM_TOLERANCE) return;
    throw refusal('invalid-law', `the weights of "${target.target}" sum to ${sum}, expected 1`, file);
  }
  const theta = thetaOfTarget(law, shape, target);
  law.parameters(shape).forEach((parameter, q) => {
    checkBounds(parameter, theta[q], target.coefficients[parameter.name], target, file);
  });
}

function checkBounds(
  { name, scale, lower, upper }: Parameter,
  theta: number,
  value: number,
  { target }: FittedTarget,
  file: string,
): void {
  const slack = (bound: number): number => BOUND_TOLERANCE * (1 + Math.abs(bound));
  if (theta >= lower - slack(lower) && theta <= upper + slack(upper)) return;
  const inWords = (bound: number): number => Number((scale === 'log' ? Math.exp(bound) : bound).toPrecision(3));
  const expected = `expected ${inWords(lower)} to ${inWords(upper)}`;
  throw refusal('invalid-coefficient', `${name} = ${value} of target "${target}", ${expected}`, file);
}

function checkCoverage(
  { trainingDomains, targets, covered: { runs, mixtures, lastLosses } }: FittedLaw,
  refuse: (message: string) => BimixError,
): void {
  if (mixtures.length !== runs.length || lastLosses.length !== runs.length) {
    throw refuse(`${runs.length} runs, ${mixtures.length} mixtures and ${lastLosses.length} lists of last losses`);
  }
  mixtures.forEach((mixture, i) => {
    if (mixture.length !== trainingDomains.length) {
      throw refuse('a covered mixture has not one share for each training domain');
    }
    const sum = mixture.reduce((total, share) => total + share, 0);
    if (mixture.every(share => share >= 0) && Math.abs(sum - 1) <= SUM_TOLERANCE) return;
    throw refuse(`the mixture of run "${runs[i]}" is no mixture: expected shares of 0 or more that sum to 1`);
  });
  lastLosses.forEach((losses, i) => {
    if (losses.length === targets.length && losses.every(loss => loss === null || loss > 0)) return;
    throw refuse(`the last losses of run "${runs[i]}": expected one above 0, or null, for each target`);
  });
}

function repeated(names: readonly string[]): string | undefined {
  return names.find((name, i) => names.indexOf(name) !== i);
}

function refusal(code: ErrorCode, message: string, file: string): BimixError {
  const what = code === 'invalid-coefficient' ? 'invalid coefficient' : 'invalid law file:';
  return new BimixError(code, `${what} ${message}`, { where: { file }, hint: 'Fit the law again with bimix fit.' });
}
