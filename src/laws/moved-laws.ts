/** Laws whose coefficients could as well be true: what an answer computed from a law is uncertain by. */

import type { FittedLaw, FittedTarget } from './fitted-law.ts';
import type { Law } from './law.ts';
import { shapeOfTarget, thetaOfTarget } from './predict.ts';
import { findLaw } from './registry.ts';

export interface MovedLaw {
  readonly law: FittedLaw;
  /**
   * What a deviation of the answer counts: the variance of the answer is the sum over laws of
   * (weight x (answer of the moved law - answer of the law))^2.
   */
  readonly weight: number;
}

/** How far along a direction of the covariance a law is moved: near enough that answers go straight. */
const STEP = 0.1;

/**
 * The law refitted to each resampling, all targets alike; or, where the uncertainty is the covariance of the coefficients,
 * moved a little along each of its directions, target by target. Empty where the fit does not say how uncertain its
 * coefficients are, as under a correction by a regression.
 */
export function movedLaws(fitted: FittedLaw): MovedLaw[] {
  const parts = fitted.members ?? [fitted];
  const targets = parts.flatMap(part => part.targets);
  const resamplings = targets.flatMap(({ uncertainty }) =>
    uncertainty?.method === 'bootstrap' ? [uncertainty.replicates.length] : [],
  );
  const count = resamplings.length === 0 ? 0 : Math.min(...resamplings);
  const resampled = Array.from(
    { length: count },
    (_, n): MovedLaw => ({
      law: withTargets(fitted, (part, target) => resampledTarget(part, target, n)),
      weight: 1 / Math.sqrt(count),
    }),
  );
  const moved = parts.flatMap((part, k) =>
    part.targets.flatMap((target, i): MovedLaw[] => {
      const directions = target.uncertainty?.method === 'laplace' ? target.uncertainty.parameters.length : 0;
      return Array.from({ length: directions }, (_, b) => ({
        law: withTargets(fitted, (other, candidate) =>
          other === parts[k] && candidate === part.targets[i] ? movedTarget(other, candidate, b) : candidate,
        ),
        weight: 1 / STEP,
      }));
    }),
  );
  return [...resampled, ...moved];
}

/** With targets changed: those of the members, in a stack. */
function withTargets(fitted: FittedLaw, change: (part: FittedLaw, target: FittedTarget) => FittedTarget): FittedLaw {
  const changed = (part: FittedLaw): FittedLaw => ({ ...part, targets: part.targets.map(each => change(part, each)) });
  return fitted.members === undefined ? changed(fitted) : { ...fitted, members: fitted.members.map(changed) };
}

function resampledTarget(part: FittedLaw, target: FittedTarget, n: number): FittedTarget {
  const { uncertainty } = target;
  if (uncertainty?.method !== 'bootstrap') return target;
  const replicate = uncertainty.replicates[n];
  return withTheta(part, target, (name, value) => {
    const a = uncertainty.parameters.indexOf(name);
    return a < 0 ? value : replicate[a];
  });
}

/** Theta moved by STEP times column b of the factor. */
function movedTarget(part: FittedLaw, target: FittedTarget, b: number): FittedTarget {
  const { uncertainty } = target;
  if (uncertainty?.method !== 'laplace') return target;
  return withTheta(part, target, (name, value) => {
    const a = uncertainty.parameters.indexOf(name);
    return a < b ? value : value + STEP * uncertainty.factor[(a * (a + 1)) / 2 + b];
  });
}

/** Other coefficients, within their bounds. */
function withTheta(
  part: FittedLaw,
  target: FittedTarget,
  theta: (name: string, value: number) => number,
): FittedTarget {
  const law = findLaw(part.law) as Law;
  const shape = shapeOfTarget(part, target);
  const before = thetaOfTarget(law, shape, target);
  const coefficients = law.parameters(shape).map(({ name, scale, lower, upper }, q) => {
    const after = Math.min(upper, Math.max(lower, theta(name, before[q])));
    return [name, scale === 'log' ? Math.exp(after) : after];
  });
  return { ...target, coefficients: Object.fromEntries(coefficients) };
}
