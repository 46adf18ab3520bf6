import { describe, expect, test } from 'vitest';
import { misfitAt } from './misfit.ts';

const mixtures = [
  [0.5, 0.3, 0.2],
  [0.4, 0.4, 0.2],
  [0.1, 0.1, 0.8],
].map(shares => Float64Array.from(shares));
const runs = [0.01, -0.005].map((residual, i) => ({ shares: mixtures[i], residual }));

describe('the misfit of a law at mixtures', () => {
  test('is a Gaussian process with an exponential kernel in total variation', () => {
    // import numpy as np
    // var, seed = 1e-4, 1e-6; res = np.array([.01, -.005])
    // m = np.array([[.5, .3, .2], [.4, .4, .2], [.1, .1, .8]]); runs = m[:2]
    // k = lambda a, b: var * np.exp(-.5 * np.abs(a - b).sum() / .1)
    // K = np.array([[k(a, b) for b in runs] for a in runs]) + seed * np.eye(2); X = np.array([[k(a, b) for b in runs] for a in m])
    // W = np.linalg.solve(K, X.T).T; W @ res, np.sqrt(var - (W * X).sum(1)), W.sum(1)
    const { expected, sd, held } = misfitAt(mixtures, runs, 1e-4, 1e-6);
    const numpy = {
      expected: [0.00986505568113596, -0.004901343326125777, 8.994807900461075e-6],
      sd: [0.000994275885125986, 0.0009942758851259927, 0.009999955408101254],
      held: [0.9927424710020363, 0.9927424710020362, 0.003597923160184431],
    };
    numpy.expected.forEach((value, c) => {
      expect(expected[c]).toBeCloseTo(value, 14);
      expect(sd[c]).toBeCloseTo(numpy.sd[c], 12);
      expect(held[c]).toBeCloseTo(numpy.held[c], 12);
    });
  });

  test('is the variance before any run where there is none', () => {
    const { expected, sd, held } = misfitAt(mixtures, [], 1e-4, 1e-6);
    expect([...expected, ...held]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...sd]).toEqual([0.01, 0.01, 0.01]);
  });
});
