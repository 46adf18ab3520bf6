import { describe, expect, test } from 'vitest';
import { bimixFit } from '../../test/fitted-laws.ts';
import type { FittedLaw, FittedTarget, Uncertainty } from './fitted-law.ts';
import { designIntervals, designOfMixtures, predictIntervals } from './intervals.ts';
import { formatLaws, parseLaws } from './law-json.ts';
import { movedLaws } from './moved-laws.ts';
import { noIntervals } from './no-intervals.ts';
import { predictLosses } from './predict.ts';

const FIT = bimixFit({ web: [2.5, 0.08, 0.3, 0.4], code: [1, 0.2, 0.3, 0.5] });
const MIXTURES = [
  [0.2, 0.8],
  [0.8, 0.2],
  [0.5, 0.5],
];
/** Its runs cover the mixtures asked about. */
const LAW: FittedLaw = { ...FIT, covered: { ...FIT.covered, mixtures: MIXTURES } };
const SHARES = Float64Array.of(0.3, 0.7);
const VOLUME = LAW.volume.largest;
const SCATTER = { runSd: 0.003, withinSd: 0.004, degrees: 7 };

/** Variances 4e-4 of alpha and 9e-4 of log C, covariance 1e-4. */
const LAPLACE: Uncertainty = {
  method: 'laplace',
  parameters: ['alpha', 'C'],
  factor: [0.02, 0.005, Math.sqrt(9e-4 - 0.005 ** 2)],
  ...SCATTER,
};

function withUncertainty(of: (target: FittedTarget) => Uncertainty, correlation?: number): FittedLaw {
  const targets = LAW.targets.map(target => ({ ...target, uncertainty: of(target) }));
  return { ...LAW, targets, ...(correlation === undefined ? {} : { residualCorrelation: [correlation] }) };
}

/** Half the width of the interval of a logarithm. */
function margin({ lower, upper }: { lower: number; upper: number }): number {
  return Math.log(upper / lower) / 2;
}

test('the interval of a log loss that is linear in the coefficients is that of the closed form', () => {
  // d log L / d alpha = -log r, d log L / d log C = C / (C + B) at x = 1
  // g = np.array([-np.log(.3), 2.5 / 2.8]); S = np.array([[4e-4, 1e-4], [1e-4, 9e-4]]); L = .3**-.08 * 2.8
  // m = stats.t.ppf(.95, 7) * np.sqrt(g @ S @ g + .003**2 + .004**2); L, L * np.exp(-m), L * np.exp(m)
  const { web } = predictIntervals(
    withUncertainty(() => LAPLACE),
    SHARES,
    VOLUME,
    0.9,
  ).targets;
  expect(web.loss).toBeCloseTo(3.083105109349103, 12);
  expect(web.lower).toBeCloseTo(2.8623817505017684, 12);
  expect(web.upper).toBeCloseTo(3.32084883982657, 12);
});

test('refitted coefficients give the root mean square of their differences from the fit', () => {
  const alphas = [0.05, 0.09, 0.1];
  const law = withUncertainty(() => ({
    method: 'bootstrap',
    parameters: ['alpha'],
    replicates: alphas.map(alpha => [alpha]),
    runSd: 0,
    withinSd: 0,
    degrees: 1000,
  }));
  const { web } = predictIntervals(law, SHARES, VOLUME, 0.9).targets;
  const rms = Math.sqrt(alphas.reduce((sum, alpha) => sum + ((alpha - 0.08) * Math.log(0.3)) ** 2, 0) / 3);
  // scipy.stats.t.ppf(.95, 1000)
  expect(margin(web)).toBeCloseTo(1.6463788172854639 * rms, 12);
});

test('errors held out give their quantile, as wide everywhere', () => {
  const quantiles = Array.from({ length: 101 }, (_, percent) => percent / 1000);
  const law = withUncertainty(() => ({ method: 'held-out', quantiles, ...SCATTER }));
  const { web, code } = predictIntervals(law, SHARES, VOLUME, 0.905).targets;
  expect(margin(web)).toBeCloseTo(0.0905, 12);
  expect(margin(code)).toBeCloseTo(0.0905, 12);
});

describe('the interval of the mean over targets', () => {
  const none: Uncertainty = { method: 'laplace', parameters: [], factor: [], ...SCATTER };

  test.each([
    [0, Math.SQRT2 / 2],
    [1, 1],
  ])('with residuals correlated by %d has %f of the width of targets that are alike', (correlation, part) => {
    const law = withUncertainty(() => none, correlation);
    const alike = { ...law, targets: [law.targets[0], { ...law.targets[0], target: 'again' }] };
    const { targets, mean } = predictIntervals(alike, SHARES, VOLUME, 0.9);
    expect(margin(mean) / margin(targets.web)).toBeCloseTo(part, 10);
  });

  test('takes targets to err together where the fit does not say how', () => {
    const known = predictIntervals(
      withUncertainty(() => none, 1),
      SHARES,
      VOLUME,
      0.9,
    );
    expect(
      predictIntervals(
        withUncertainty(() => none),
        SHARES,
        VOLUME,
        0.9,
      ).mean,
    ).toEqual(known.mean);
  });
});

test('intervals at rows of runs are those of single predictions', () => {
  const law = withUncertainty(() => LAPLACE);
  const other = Float64Array.of(0.6, 0.4);
  const rows = designIntervals(law, law.targets[0], designOfMixtures(law, [SHARES, other], VOLUME), 0.8);
  for (const [n, shares] of [SHARES, other].entries()) {
    const { web } = predictIntervals(law, shares, VOLUME, 0.8).targets;
    expect(rows.lower[n]).toBeCloseTo(web.lower, 12);
    expect(rows.upper[n]).toBeCloseTo(web.upper, 12);
  }
});

test('a law file carries every kind of uncertainty', () => {
  const kinds: Uncertainty[] = [
    { ...LAPLACE, seed: { sd: 0.002, degrees: 4 } },
    { method: 'bootstrap', parameters: ['alpha'], replicates: [[0.1], [0.2]], ...SCATTER },
    { method: 'held-out', quantiles: Array.from({ length: 101 }, (_, n) => n / 1e3), ...SCATTER },
  ];
  for (const kind of kinds) {
    const law = { ...withUncertainty(() => kind, 0.25), extrapolation: { volume: 0.12, size: 0.3 } };
    expect(parseLaws(formatLaws([law]), 'law.json')).toEqual([law]);
  }
});

test('a law file without uncertainty has no intervals', () => {
  expect(() => predictIntervals(LAW, SHARES, VOLUME, 0.9)).toThrow(/does not say how uncertain its fit is/);
});

describe('away from the one volume of the runs', () => {
  const targets = withUncertainty(() => LAPLACE).targets.map(target => ({ ...target, volumeVaries: false }));
  const law: FittedLaw = { ...LAW, targets, volume: { unit: 'tokens', scale: 2e9, smallest: 2e9, largest: 2e9 } };

  test.each([500 * 2e9, 2.2e9, 1e9])('there are no intervals at %d tokens, and the reason is given', volume => {
    const message = noIntervals(law, volume)?.message;
    expect(message).toMatch(/^no intervals at .* tokens: all runs were measured at 2B/);
    expect(() => predictIntervals(law, SHARES, volume, 0.9)).toThrow(message);
  });

  test('there are within 5 % of it', () => {
    for (const volume of [1.95e9, 2e9, 2.1e9]) expect(noIntervals(law, volume)).toBeUndefined();
  });
});

describe('beyond the volumes of the runs', () => {
  const law = withUncertainty(() => ({ method: 'laplace', parameters: [], factor: [], ...SCATTER }), 0);
  const margins = (factor: number): number[] => {
    const { targets, mean } = predictIntervals(law, SHARES, factor * VOLUME, 0.9);
    return [margin(targets.web), margin(targets.code), margin(mean)];
  };

  test('intervals grow with the factor, from 1.05 on', () => {
    expect(margins(1.04)[0]).toBeCloseTo(margins(1)[0], 12);
    for (const target of [0, 1, 2]) {
      const widths = [1, 1.1, 2, 10, 500].map(factor => margins(factor)[target]);
      expect(widths).toEqual([...widths].sort((a, b) => a - b));
      expect(widths[4]).toBeGreaterThan(5 * widths[0]);
    }
  });

  test('all targets err in one direction: their mean is as uncertain as they are', () => {
    const [web, code, mean] = margins(500);
    expect(mean).toBeGreaterThan(0.95 * Math.min(web, code));
  });
});

test('a level that is no probability is refused', () => {
  expect(() => predictIntervals(LAW, SHARES, VOLUME, 90)).toThrow(/invalid level 90/);
});

test('moved laws vary an answer as the closed form says', () => {
  const answer = (law: FittedLaw): number => Math.log(predictLosses(law, SHARES, VOLUME).web);
  const law = withUncertainty(() => LAPLACE);
  const variance = movedLaws(law).reduce(
    (sum, moved) => sum + (moved.weight * (answer(moved.law) - answer(law))) ** 2,
    0,
  );
  // g @ S @ g, as above; alpha is exactly linear, log C to first order
  expect(variance / 0.0015122898388481335).toBeCloseTo(1, 2);
});

test('a law file whose uncertainty does not fit its law is refused', () => {
  const broken: Uncertainty[] = [
    { ...LAPLACE, factor: [1, 2] },
    { ...LAPLACE, parameters: ['alpha', 'gamma'] },
    { method: 'bootstrap', parameters: ['alpha'], replicates: [[0.1, 0.2]], ...SCATTER },
  ];
  for (const uncertainty of broken) {
    const text = formatLaws([withUncertainty(() => uncertainty)]);
    expect(() => parseLaws(text, 'law.json')).toThrow(/invalid law file: the uncertainty of target "web"/);
  }
  const correlated = formatLaws([{ ...withUncertainty(() => LAPLACE), residualCorrelation: [0.1, 0.2] }]);
  expect(() => parseLaws(correlated, 'law.json')).toThrow(/2 residual correlations, expected 1/);
});
