import { mersenne } from 'pure-rand/generator/mersenne';
import { expect, test } from 'vitest';
import { dirichletMixture } from './random-mixture.ts';

test('Dirichlet mixtures have the mean and variance of the distribution, and keep zeros', () => {
  const random = mersenne(1);
  const centre = Float64Array.of(0.7, 0.25, 0.05, 0);
  const draws = Array.from({ length: 20_000 }, () => dirichletMixture(random, centre, 10));
  centre.forEach((mean, j) => {
    const shares = draws.map(draw => draw[j]);
    const average = shares.reduce((a, b) => a + b, 0) / shares.length;
    const variance = shares.reduce((sum, share) => sum + (share - average) ** 2, 0) / shares.length;
    expect(Math.abs(average - mean)).toBeLessThan(0.004);
    expect(Math.abs(variance - (mean * (1 - mean)) / 11)).toBeLessThan(0.001);
  });
});
