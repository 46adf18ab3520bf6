/**
 * What a run is worth to a decision: the knowledge gradient (Frazier, Powell & Dayanik 2009), how much lower the expected loss
 * of the best decision is after the run than before, by draws of what the run could show.
 */

import { mersenne } from 'pure-rand/generator/mersenne';
import { normalNumber } from '../numerics/index.ts';
import type { Belief } from './belief.ts';
import { dot } from './conditioning.ts';
import { misfitCorrelation } from './misfit.ts';

/** Draws, in antithetic pairs; the same for all candidates. */
const DRAWS = 128;
/** Most candidates, the most promising first, that can become the decision. */
const CONTENDERS = 64;

/**
 * Expected fall of the mean loss of the best decision by a run of a candidate, nats per token; at least 0.
 *
 * @param seed of the draws
 */
export function regretReduction(belief: Belief, candidate: number, seed: number): number {
  const { candidates, targets, together, misfit, expected, sd } = belief;
  const contenders = promising(belief, candidate);
  const answers = contenders.map(() => new Float64Array(targets.length + 1));
  targets.forEach(({ weight, losses, decided, measured, noise }, i) => {
    const row = measured[candidate];
    const scale = Math.sqrt(together / (dot(row, row) + noise));
    contenders.forEach((c, k) => {
      answers[k][i] = (1 - misfit.held[c]) * weight * losses[c] * dot(decided[c], row) * scale;
    });
  });
  // What the run shows of its own mixture beyond the coefficients, and so of mixtures near to it.
  const own = contenders.indexOf(candidate);
  const shown = sd[candidate] ** 2 - left(belief, candidate) ** 2 - dot(answers[own], answers[own]);
  const extra = Math.sqrt(Math.max(0, shown));
  contenders.forEach((c, k) => {
    const near = misfitCorrelation(candidates[candidate].shares, candidates[c].shares);
    answers[k][targets.length] = candidates[c].run === undefined ? near * extra : 0;
  });
  const before = Math.min(...contenders.map(c => expected[c]));
  const random = mersenne(seed);
  let sum = 0;
  for (let draw = 0; draw < DRAWS; draw += 2) {
    const z = Float64Array.from({ length: targets.length + 1 }, () => normalNumber(random));
    let up = Number.POSITIVE_INFINITY;
    let down = Number.POSITIVE_INFINITY;
    contenders.forEach((c, k) => {
      const change = dot(answers[k], z);
      up = Math.min(up, expected[c] + change);
      down = Math.min(down, expected[c] - change);
    });
    sum += 2 * before - up - down;
  }
  return Math.max(0, sum / DRAWS);
}

/** Standard deviation of the mean loss at a mixture once it was run, nats per token: its seed. */
function left({ expected, misfit }: Belief, candidate: number): number {
  const { variance, seedVariance } = misfit;
  return expected[candidate] * Math.sqrt((variance * seedVariance) / (variance + seedVariance));
}

/** The candidates of the lowest bounds, the best expected one and the candidate itself. */
function promising({ candidates, expected, sd }: Belief, candidate: number): number[] {
  const bound = (c: number): number => expected[c] - 2 * sd[c];
  const order = candidates.map((_, c) => c).sort((a, b) => bound(a) - bound(b));
  const best = order.reduce((a, b) => (expected[b] < expected[a] ? b : a));
  return [...new Set([...order.slice(0, CONTENDERS), best, candidate])];
}
