import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { describe, expect, test } from 'vitest';
import { fitLaw } from '../fitting/index.ts';
import { bimixTransfer, type FittedTarget } from '../laws/index.ts';
import { normalNumber } from '../numerics/index.ts';
import type { RunTable } from '../observations/index.ts';
import { allowedMixtures } from './allowed-mixtures.ts';
import { identification } from './identification.ts';

const DOMAINS = ['web', 'code', 'books'];
const FREE = { lower: new Float64Array(3), upper: new Float64Array(3).fill(1) };

/** Losses of every domain by the law at the typical coefficients. */
function simulated(mixtures: readonly Float64Array[], noise: number, seed: number): RunTable {
  const random = mersenne(seed);
  const theta = (own: number): Float64Array => {
    const shape = { domains: DOMAINS, own, volumeVaries: false, shareVaries: true, sizeVaries: false };
    const values: Record<string, number> = { E: 0.3, C: 2, alpha: 0.2, rho: 0.6, sigma: 0.75 };
    return Float64Array.from(bimixTransfer.parameters(shape), ({ name, scale }) =>
      scale === 'log' ? Math.log(values[name] ?? 0.05) : (values[name] ?? Math.log(0.05)),
    );
  };
  const laws = DOMAINS.map((_, own) =>
    bimixTransfer.atVolume(
      { domains: DOMAINS, own, volumeVaries: false, shareVaries: true, sizeVaries: false },
      theta(own),
      1,
      1,
    ),
  );
  return {
    trainingDomains: DOMAINS,
    evaluationDomains: DOMAINS,
    ownDomain: Int32Array.of(0, 1, 2),
    volumeUnit: 'none',
    runs: mixtures.map((_, n) => ({ name: `r${n}` })),
    mixtures: Float64Array.from(mixtures.flatMap(shares => [...shares])),
    rowRun: Int32Array.from(mixtures.keys()),
    rowVolume: new Float64Array(mixtures.length).fill(1),
    losses: Float64Array.from(
      mixtures.flatMap(shares => laws.map(law => law.value(shares) * Math.exp(noise * normalNumber(random)))),
    ),
    provenance: { format: 'test', inputs: [], version: 'test' },
  };
}

const fitOne = (table: RunTable): FittedTarget =>
  fitLaw(table, bimixTransfer, { targets: ['code'], robust: false, warmUp: false }).targets[0];

const expectedOf = (mixtures: readonly Float64Array[], noise: number): Record<string, number> =>
  Object.fromEntries(
    identification(DOMAINS, mixtures, mixtures, noise)[1].coefficients.map(({ coefficient, expected }) => [
      coefficient,
      expected,
    ]),
  );

describe('expected standard errors', () => {
  const mixtures = allowedMixtures(FREE, 40, 1);

  test('are those of the fit once the runs are made', () => {
    // Without noise the fit takes the least it allows, 0.001.
    const expected = expectedOf(mixtures, 0.001);
    const { standardErrors } = fitOne(simulated(mixtures, 0, 1));
    for (const name of ['alpha', 'rho', 'sigma']) {
      expect(standardErrors[name] ?? 0).toBeGreaterThan(0.8 * expected[name]);
      expect(standardErrors[name] ?? 0).toBeLessThan(1.25 * expected[name]);
    }
  });

  test('cover what fits to noisy runs miss alpha by', () => {
    const { alpha } = expectedOf(mixtures, 0.005);
    const errors = Array.from({ length: 12 }, (_, seed) => {
      const { coefficients } = fitOne(simulated(mixtures, 0.005, seed));
      return (coefficients.alpha - 0.2) / alpha;
    });
    const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    expect(spread).toBeGreaterThan(0.3);
    expect(spread).toBeLessThan(1.5);
  });

  test('fall as runs are added and noise falls, and never exceed the prior', () => {
    const random = mersenne(2);
    for (let trial = 0; trial < 10; trial++) {
      const some = mixtures.filter(() => uniformFloat64(random) < 0.3);
      const fewer = identification(DOMAINS, some, mixtures, 0.005);
      const more = identification(DOMAINS, mixtures, mixtures, 0.005);
      const quieter = identification(DOMAINS, some, mixtures, 0.001);
      fewer.forEach(({ coefficients, predictionError }, own) => {
        coefficients.forEach(({ expected, prior }, q) => {
          expect(expected).toBeLessThanOrEqual(prior);
          expect(more[own].coefficients[q].expected).toBeLessThanOrEqual(expected);
          expect(quieter[own].coefficients[q].expected).toBeLessThanOrEqual(expected);
        });
        expect(more[own].predictionError).toBeLessThan(predictionError);
      });
    }
  });

  test('agree with the inverse of the normal matrix', () => {
    const runs = [
      [0.6, 0.3, 0.1],
      [0.2, 0.5, 0.3],
      [0.1, 0.2, 0.7],
      [0.8, 0, 0.2],
    ].map(shares => Float64Array.from(shares));
    // numpy: S = inv(J' J / 0.005^2 + P' P), J by central differences of the formula, P the priors; sqrt(diag(S)) and
    // sqrt(mean(diag(J S J'))).
    const golden = {
      ...{ E: 9.21825026, C: 1.37517835, alpha: 0.26303423, sigma: 0.29935784, rho: 0.23471648 },
      ...{ 't.web': 1.68748926, 't.books': 1.76139029 },
    };
    const expected = expectedOf(runs, 0.005);
    for (const [name, value] of Object.entries(golden)) expect(expected[name] / value).toBeCloseTo(1, 5);
    expect(identification(DOMAINS, runs, runs, 0.005)[1].predictionError).toBeCloseTo(0.0049462062, 7);
  });

  test('leave alpha and help at their priors when all runs have one mixture', () => {
    const same = Array.from({ length: 6 }, () => Float64Array.of(0.5, 0.3, 0.2));
    for (const { coefficients, shares } of identification(DOMAINS, same, same, 0.005)) {
      expect(shares[0]).toBe(shares[1]);
      const open = coefficients.filter(({ state }) => state === 'prior').map(({ coefficient }) => coefficient);
      expect(open).toContain('alpha');
      expect(open.filter(name => name.startsWith('t.'))).toHaveLength(2);
    }
  });
});
