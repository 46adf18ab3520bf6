import { describe, expect, test } from 'vitest';
import { powerLoss as power, transferLoss } from '../../test/random-objective.ts';
import { makeObjective } from './objective.ts';

describe('the objective', () => {
  test('is the weighted mean of the losses: weights count by their ratio', () => {
    const losses = [power(0, 2, 0.1), power(1, 3, 0.2)];
    const r = Float64Array.of(0.3, 0.7);
    const mean = (2 * 0.3 ** -0.1 + 3 * (3 * 0.7 ** -0.2)) / 4;
    expect(makeObjective(losses, [1, 3], 2).value(r)).toBeCloseTo(mean, 14);
    expect(makeObjective(losses, [10, 30], 2).value(r)).toBeCloseTo(mean, 14);
  });

  test('adds the pull in nats per token for each nat of divergence', () => {
    const options = { pull: 0.5, reference: Float64Array.of(0.5, 0.5) };
    const r = Float64Array.of(0.25, 0.75);
    const divergence = 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5);
    const plain = makeObjective([power(0, 2, 0.1)], [1], 2);
    expect(makeObjective([power(0, 2, 0.1)], [1], 2, options).value(r)).toBeCloseTo(
      plain.value(r) + 0.5 * divergence,
      14,
    );
  });

  test('has the gradient and Hessian of its value', () => {
    const m = 3;
    const transfer = transferLoss({
      own: 0,
      t: [1, 0.3, 0.05],
      rho: 0.6,
      sigma: 0.8,
      floor: 0.2,
      scale: 2,
      alpha: 0.3,
    });
    const objective = makeObjective([transfer, power(1, 2, 0.4)], [1, 2], m, {
      pull: 0.3,
      reference: Float64Array.of(0.2, 0.2, 0.6),
    });
    const r = Float64Array.of(0.5, 0.3, 0.2);
    const gradient = new Float64Array(m);
    const hessian = new Float64Array(m * m);
    expect(objective.gradient(r, gradient)).toBeCloseTo(objective.value(r), 14);
    objective.hessian(r, hessian);
    const h = 1e-6;
    for (let j = 0; j < m; j++) {
      const up = r.map((share, k) => share + (k === j ? h : 0));
      const down = r.map((share, k) => share - (k === j ? h : 0));
      expect(gradient[j]).toBeCloseTo((objective.value(up) - objective.value(down)) / (2 * h), 7);
      const gradientUp = new Float64Array(m);
      const gradientDown = new Float64Array(m);
      objective.gradient(up, gradientUp);
      objective.gradient(down, gradientDown);
      for (let k = 0; k < m; k++) {
        expect(hessian[j * m + k]).toBeCloseTo((gradientUp[k] - gradientDown[k]) / (2 * h), 6);
      }
    }
  });

  test('is separable when every loss of positive weight is a power of one share', () => {
    const transfer = transferLoss({ own: 0, t: [1, 0.3], rho: 0.6, sigma: 0.8, floor: 0.2, scale: 2, alpha: 0.3 });
    expect(makeObjective([power(0, 2, 0.1), transfer], [1, 1], 2).separable).toBeNull();
    const { separable } = makeObjective([power(0, 2, 0.1), power(0, 4, 0.3), transfer], [1, 3, 0], 2);
    expect(separable?.powers).toEqual([
      [
        { scale: 0.5, exponent: 0.1 },
        { scale: 3, exponent: 0.3 },
      ],
      [],
    ]);
  });
});
