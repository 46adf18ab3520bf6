import { expect, test } from 'vitest';
import { transferLoss } from '../../test/random-objective.ts';
import { geometricMean } from './geometric-mean.ts';

const one = transferLoss({ own: 0, t: [0, 0.2, 0.4], rho: 0.6, sigma: 0.8, floor: 0.5, scale: 2, alpha: 0.3 });
const two = transferLoss({ own: 1, t: [0.1, 0, 0.3], rho: 0.7, sigma: 0.5, floor: 0.2, scale: 1.5, alpha: 0.2 });
const r = Float64Array.of(0.5, 0.3, 0.2);
const H = 1e-5;

function moved(j: number, by: number): Float64Array {
  return r.map((share, i) => (i === j ? share + by : share));
}

test('is exp(sum of w log L), with its gradient and Hessian', () => {
  const mean = geometricMean([one, two], [0.3, 0.7], 3);
  expect(mean.value(r)).toBeCloseTo(one.value(r) ** 0.3 * two.value(r) ** 0.7, 12);
  const gradient = new Float64Array(3);
  expect(mean.addGradient(r, 2, gradient)).toBeCloseTo(mean.value(r), 12);
  const hessian = new Float64Array(9);
  mean.addHessian(r, 2, hessian);
  for (let j = 0; j < 3; j++) {
    const slope = (mean.value(moved(j, H)) - mean.value(moved(j, -H))) / (2 * H);
    expect(gradient[j]).toBeCloseTo(2 * slope, 7);
    const [above, below] = [moved(j, H), moved(j, -H)].map(at => {
      const there = new Float64Array(3);
      mean.addGradient(at, 2, there);
      return there;
    });
    for (let i = 0; i < 3; i++) expect(hessian[i * 3 + j]).toBeCloseTo((above[i] - below[i]) / (2 * H), 5);
  }
});

test('of one loss is that loss', () => {
  expect(geometricMean([one], [1], 3)).toBe(one);
});
