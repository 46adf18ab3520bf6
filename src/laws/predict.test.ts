import { expect, test } from 'vitest';
import { bimixFit, transferFit } from '../../test/fitted-laws.ts';
import { formatLaws, parseLaws } from './law-json.ts';
import { lossesAtVolume, predictLosses } from './predict.ts';

const fits = {
  bimix: bimixFit({ web: [2.5, 0.08, 0.6, 0.3], code: [1.0, 0.2, 0.5, 0.5] }),
  'bimix-transfer': transferFit(
    ['web', 'code'],
    [
      {
        ...{ target: 'web', own: 'web', E: 0.8, C: 1.6, alpha: 0.12, B: 0.4, beta: 0.45, rho: 0.6, sigma: 0.8 },
        t: { code: 0.02 },
      },
    ],
  ),
};

test.each(Object.entries(fits))('%s predicts the same to the bit after JSON', (_, fitted) => {
  const [again] = parseLaws(formatLaws([fitted]), 'law.json');
  for (const shares of [Float64Array.of(0.3, 0.7), Float64Array.of(1, 0)]) {
    expect(predictLosses(again, shares, 7.3e9)).toEqual(predictLosses(fitted, shares, 7.3e9));
  }
});

test('predicts in the volume unit of the fit', () => {
  // x = 10e9 / 20e9: 0.25^-0.2 (0.5 x 0.5^-0.5 + 1)
  const losses = predictLosses(fits.bimix, Float64Array.of(0.75, 0.25), 10e9);
  expect(losses.code).toBeCloseTo(0.25 ** -0.2 * (0.5 / Math.sqrt(0.5) + 1), 12);
  expect(Object.keys(losses)).toEqual(['web', 'code']);
});

test('a law that lacks a coefficient says which', () => {
  const [first, ...rest] = fits.bimix.targets;
  const { beta, ...others } = first.coefficients;
  expect(beta).toBeDefined();
  const broken = { ...fits.bimix, targets: [{ ...first, coefficients: others }, ...rest] };
  expect(() => lossesAtVolume(broken, 1e9)).toThrowError('missing coefficient "beta" of target "web" in a bimix law');
});

test('a negative scale is refused, not taken to a logarithm', () => {
  const [first, ...rest] = fits.bimix.targets;
  const broken = { ...fits.bimix, targets: [{ ...first, coefficients: { ...first.coefficients, C: -1 } }, ...rest] };
  expect(() => lossesAtVolume(broken, 1e9)).toThrowError('invalid coefficient C = -1 of target "web"');
});
