/**
 * The mixture that RegMix takes (Liu et al. 2024, arXiv 2407.01492, Section 3): many Dirichlet draws about the tokens there are,
 * predicted by boosted trees, and the mean of the best.
 */

import { mersenne } from 'pure-rand/generator/mersenne';
import { dirichletMixture } from '../../src/design/random-mixture.ts';
import { designOfMixtures, type FittedLaw, predictDesign } from '../../src/laws/index.ts';

const DRAWS = 100_000;
const BEST = 128;
/** Times the number of domains: from sparse mixtures to some near the centre. */
const CONCENTRATIONS = [0.5, 1, 2, 4, 8];

/**
 * @param centre m: shares of tokens in proportion to the tokens there are
 * @param count mixtures drawn, of which the best 128 are averaged
 */
export function regmixChoice(
  fitted: FittedLaw,
  centre: Float64Array,
  volume: number,
  seed: number,
  count = DRAWS,
): Float64Array {
  const random = mersenne(seed);
  const m = centre.length;
  const draws = Array.from({ length: count }, (_, n) =>
    dirichletMixture(random, centre, CONCENTRATIONS[n % CONCENTRATIONS.length] * m),
  );
  const design = designOfMixtures(fitted, draws, volume);
  const objective = new Float64Array(count);
  for (const target of fitted.targets) {
    predictDesign(fitted, target, design).forEach((logLoss, n) => {
      objective[n] += Math.exp(logLoss) / fitted.targets.length;
    });
  }
  const best = Array.from(draws.keys())
    .sort((a, b) => objective[a] - objective[b])
    .slice(0, BEST);
  return Float64Array.from(centre, (_, j) => best.reduce((sum, n) => sum + draws[n][j] / BEST, 0));
}
