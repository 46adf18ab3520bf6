import fc from 'fast-check';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { expect, test } from 'vitest';
import { likelihoodAt } from './marginal-likelihood.ts';

test('mean, amplitude and log likelihood are those of numpy', () => {
  const features = Float64Array.from({ length: 16 }, (_, i) => {
    const [a, f] = [Math.floor(i / 2), i % 2];
    return Math.sin(1.3 * a + f) + 0.1 * a * f;
  });
  const values = Float64Array.from({ length: 8 }, (_, a) => Math.cos(0.9 * a) + 0.2 * a);
  const theta = Float64Array.of(Math.log(0.8), Math.log(1.7), Math.log(0.05));
  // s = sqrt(5 (((X[:, None] - X[None]) / [0.8, 1.7])**2).sum(-1)); C = (1 + s + s*s/3) * exp(-s) + 0.05 * eye(8)
  // m = 1'C^-1 y / 1'C^-1 1; A2 = (y - m)'C^-1 (y - m) / 7
  // -7/2 * (log(2 pi A2) + 1) - slogdet(C)[1] / 2 - log(1'C^-1 1) / 2, which is scipy's multivariate_normal.logpdf of seven
  // orthonormal contrasts of y, less log(8) / 2
  const found = likelihoodAt(features, values, theta);
  expect(found?.mean).toBeCloseTo(0.19797394568713622, 12);
  expect(found?.amplitude).toBeCloseTo(2.27789745271139, 12);
  expect(found?.logLikelihood).toBeCloseTo(-12.763351495921656, 11);
});

const problems = fc
  .record({ n: fc.integer({ min: 4, max: 23 }), columns: fc.integer({ min: 1, max: 5 }), seed: fc.nat() })
  .map(({ n, columns, seed }) => {
    const random = mersenne(seed);
    const uniform = (): number => uniformFloat64(random);
    return {
      features: Float64Array.from({ length: n * columns }, uniform),
      values: Float64Array.from({ length: n }, uniform),
      one: Float64Array.of(uniform() - 0.5, -3 * uniform()),
      each: Float64Array.from({ length: columns + 1 }, () => uniform() - 1),
    };
  });

test('its gradient is the slope of its value', () => {
  fc.assert(
    fc.property(problems, ({ features, values, one, each }) => {
      for (const theta of [one, each]) {
        const at = (q: number, step: number): number =>
          likelihoodAt(
            features,
            values,
            theta.map((value, i) => (i === q ? value + step : value)),
          )?.logLikelihood ?? Number.NaN;
        likelihoodAt(features, values, theta)
          ?.slopes()
          .gradient.forEach((slope, q) => {
            expect(slope).toBeCloseTo((at(q, 1e-5) - at(q, -1e-5)) / 2e-5, 5);
          });
      }
    }),
    { numRuns: 40, seed: 1 },
  );
});

test('its information is positive semidefinite', () => {
  fc.assert(
    fc.property(problems, ({ features, values, each }) => {
      const information = likelihoodAt(features, values, each)?.slopes().information ?? new Float64Array();
      const p = each.length;
      for (const sign of [1, -1]) {
        const direction = each.map((value, q) => (q % 2 === 0 ? value : sign * value));
        let product = 0;
        for (let q = 0; q < p; q++) {
          for (let r = 0; r < p; r++) product += direction[q] * information[q * p + r] * direction[r];
        }
        expect(product).toBeGreaterThan(-1e-9);
      }
    }),
    { numRuns: 40, seed: 2 },
  );
});
