/**
 * What a fit to few runs of a large model takes from a fit to many runs of a small one: how losses depend on the mixture
 * carries over, how low they are does not.
 *
 * Exponents and the help of other domains stay near the small model's. The scales E, B and C, as far as a law has them, are
 * free, but keep their proportions: at one mixture only their sum over the powers is determined, so one large run sets the scale
 * common to all, and the small model how it divides.
 *
 * x = s / s_max differs between the fits. B x^-beta is the same loss when log B' = log B - beta log(s_max' / s_max), a condition
 * linear in theta and therefore exact in a prior.
 */

import type { Law, Parameter, PriorTerm, TargetEstimate, TargetShape, Transfer } from './law.ts';

/** How far log E moves from log C, and log B: the curve of a single run tells B from the others, but not E from C. */
const FLOOR_SD = 0.2;
const REDUCIBLE_SD = 3;
/** Next to nothing. */
const SCALE_SD = 10;

/**
 * A law's `transfer`, for laws whose scales are called E, B and C.
 *
 * @param near by parameter, how far theta moves from a small model to a large one: a standard deviation; `t` stands for all t.*
 */
export function transferNear(
  parameters: Law['parameters'],
  priors: Law['priors'],
  near: Readonly<Record<string, number>>,
): (shape: TargetShape, from: TargetEstimate, volumeRatio: number) => Transfer {
  return (shape, from, volumeRatio) => {
    const here = parameters(shape);
    const known = thetaByName(parameters(from.shape), from.theta);
    const logRatio = Math.log(volumeRatio);
    if (!shape.volumeVaries) foldVolume(known, logRatio);
    const at = new Map(here.map(({ name }, q) => [name, q]));
    // What the other fit did not have keeps the law's own priors.
    const own = priors(shape).filter(({ terms }) => terms.every(([q]) => !known.has(here[q].name)));
    const start = Float64Array.from(here, ({ name }, q) => known.get(name) ?? centreOf(own, q));
    const list: PriorTerm[] = [...own];
    for (const [name, theta] of known) {
      const q = at.get(name);
      const sd = near[name.startsWith('t.') ? 't' : name];
      if (q !== undefined && sd !== undefined) list.push({ terms: [[q, 1]], mean: theta, sd });
    }
    const [c, e, b, beta] = ['C', 'E', 'B', 'beta'].map(name => (known.has(name) ? at.get(name) : undefined));
    if (c === undefined) return { start, priors: list };
    list.push({ terms: [[c, 1]], mean: start[c], sd: SCALE_SD });
    if (e !== undefined)
      list.push({
        terms: [
          [e, 1],
          [c, -1],
        ],
        mean: start[e] - start[c],
        sd: FLOOR_SD,
      });
    if (b !== undefined && beta !== undefined) {
      list.push({
        terms: [
          [b, 1],
          [beta, logRatio],
          [c, -1],
        ],
        mean: start[b] - start[c],
        sd: REDUCIBLE_SD,
      });
      start[b] -= start[beta] * logRatio;
    }
    return { start, priors: list };
  };
}

function thetaByName(parameters: readonly Parameter[], theta: Float64Array): Map<string, number> {
  return new Map(parameters.map(({ name }, q) => [name, theta[q]]));
}

/** At one volume B x^-beta is a constant, and C stands for it too. */
function foldVolume(known: Map<string, number>, logRatio: number): void {
  const [c, b, beta] = ['C', 'B', 'beta'].map(name => known.get(name));
  if (c === undefined || b === undefined || beta === undefined) return;
  known.set('C', Math.log(Math.exp(c) + Math.exp(b - beta * logRatio)));
  known.delete('B');
  known.delete('beta');
}

/** Where the priors of a single parameter put it. */
function centreOf(priors: readonly PriorTerm[], parameter: number): number {
  return priors.find(({ terms }) => terms.length === 1 && terms[0][0] === parameter)?.mean ?? 0;
}
