/**
 * The part of a law that depends on the mixture alone: a positive M(r). Laws that differ in M only are made from it with a
 * power of the volume, see `volume-factor.ts` and `volume-summand.ts`.
 */

import type { Design, LossOfShares, Parameter, PriorTerm, TargetShape } from './law.ts';
import { nonnegativeCombination } from './nonnegative-combination.ts';

/** M(r) with q coefficients; theta is theirs alone (q), and indices in priors count from the first of them. */
export interface MixtureTerm {
  parameters(shape: TargetShape): readonly Parameter[];
  priors(shape: TargetShape): readonly PriorTerm[];
  /** Starting points at which M is about `level`. */
  starts(shape: TargetShape, level: number): readonly Float64Array[];
  /** @param shares R x m, row-major */
  bind(shape: TargetShape, shares: Float64Array): BoundMixtureTerm;
  /** offset + scale M(r), nats per token. */
  loss(shape: TargetShape, theta: Float64Array, offset: number, scale: number): LossOfShares;
}

export interface BoundMixtureTerm {
  /** Writes M of each run to `values` (R) and, where asked for, dM / d theta to `slopes` (R x q). */
  evaluate(theta: Float64Array, values: Float64Array, slopes?: Float64Array): void;
}

/** A guess of the volume term: L = level + reducible x^-beta, in nats per token. */
export interface VolumeGuess {
  readonly beta: number;
  readonly level: number;
  readonly reducible: number;
}

/** By non-negative least squares at each of two exponents; at one volume, the mean loss. */
export function volumeGuesses(shape: TargetShape, design: Design, logLosses: Float64Array): VolumeGuess[] {
  const losses = logLosses.map(Math.exp);
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  if (!shape.volumeVaries) return [{ beta: 0, level: mean, reducible: 0 }];
  const ones = new Float64Array(losses.length).fill(1);
  return [0.4, 0.9].map(beta => {
    const columns = [ones, design.volume.map(x => x ** -beta)];
    const [level, reducible] = nonnegativeCombination(columns, losses).map(value => Math.max(value, 0.02 * mean));
    return { beta, level, reducible };
  });
}

/** Each of the parameters near the mean of all. */
export function nearTheirMean(parameters: readonly number[], sd: number): PriorTerm[] {
  const part = 1 / parameters.length;
  return parameters.map(parameter => ({
    terms: parameters.map(other => [other, (other === parameter ? 1 : 0) - part] as const),
    mean: 0,
    sd,
  }));
}

/** The priors of a term whose coefficients begin at `first` in theta. */
export function shiftedPriors(priors: readonly PriorTerm[], first: number): PriorTerm[] {
  return priors.map(prior => ({
    ...prior,
    terms: prior.terms.map(([parameter, coefficient]) => [parameter + first, coefficient] as const),
  }));
}
