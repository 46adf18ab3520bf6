/** Each chart with small data of every kind it takes. */

import {
  budgetPathChart,
  type ChartOptions,
  coefficientsChart,
  domainPalette,
  entropiesChart,
  entropyConvergenceChart,
  entropyMixturesChart,
  evidenceBarsChart,
  learningCurvesChart,
  lossChangeChart,
  lossCurvesChart,
  lossShareChart,
  mixtureBarsChart,
  overlapMatrixChart,
  paretoFrontChart,
  predictedObservedChart,
  residualsChart,
  shareCoverageChart,
  tokensPerByteChart,
  transferMatrixChart,
  verificationChart,
} from '../src/charts/index.ts';

const HOSTILE = 'a<b>&"c\'\u0001';
const domains = ['web', 'code', HOSTILE];
export const palette = domainPalette(domains);
const points = [3.1, 3.4, 3.9].map((observed, i) => ({
  observed,
  predicted: observed + 0.02 * (i - 1),
  label: `run ${i}`,
}));
const volumes = [2e9, 5e9, 20e9];
const curve = (ownShare: number | null, c: number) => ({
  run: 'run 1',
  ownShare,
  observed: volumes.map((volume, i) => ({ volume, loss: c + 1 / (i + 1), warmUp: i === 0 })),
  law: volumes.map((volume, i) => ({ volume, loss: c + 1 / (i + 1.1) })),
});

/** Each chart with small data of every kind it takes. */
export const CHART_SAMPLES: Readonly<Record<string, (options: ChartOptions) => SVGSVGElement>> = {
  'predicted-observed': options =>
    predictedObservedChart(
      domains.map((target, i) => ({ target, mre: 0.004 * i, fitted: points, heldOut: i === 2 ? [] : points })),
      palette,
      options,
    ),
  'loss-curves': options =>
    lossCurvesChart(
      domains.map((target, i) => ({ target, curves: [curve(0.02 + i / 10, 2), curve(0.3, 1.5), curve(null, 1)] })),
      'tokens',
      palette,
      options,
    ),
  'loss-share': options =>
    lossShareChart(
      domains.map(target => ({
        target,
        runs: [0, 0.1, 0.4].map(share => ({ share, loss: 3 - share, run: 'run 1' })),
        law: [0, 0.01, 0.1, 0.4].map(share => ({ share, loss: Math.max(share, 1e-3) ** -0.3 + 1.5 })),
        proposed: target === 'web' ? { share: 0.3, loss: 2.7 } : null,
      })),
      'the law',
      palette,
      options,
    ),
  'residuals-volume': options =>
    residualsChart(
      domains.map(target => ({
        target,
        points: Array.from({ length: 40 }, (_, i) => {
          return { at: volumes[i % 3], error: i === 39 ? -0.5 : 0.01 * Math.sin(i), run: `run ${i}` };
        }),
      })),
      palette,
      { ...options, against: 'tokens', heldOut: true },
    ),
  'residuals-share': options =>
    residualsChart([{ target: 'web', points: [{ at: 0, error: 0, run: 'run 1' }] }], palette, {
      ...options,
      against: 'share',
      heldOut: false,
    }),
  mixture: options =>
    mixtureBarsChart(
      domains.map((domain, i) => ({
        domain,
        share: [0.6, 0.4, 0][i],
        freedom: i === 2 ? null : { from: 0.3, to: 0.7 },
        interval: i === 0 ? { from: 0.55, to: 0.66 } : null,
        epochs: i === 1 ? 2.5 : null,
        references: [0.3, null],
      })),
      ['uniform', 'natural'],
      palette,
      options,
    ),
  'budget-path': options =>
    budgetPathChart(
      {
        volumes: [1e9, 1e10, 1e11],
        unit: 'tokens',
        lines: domains.map((domain, i) => ({ domain, shares: [0.3 + i / 100, 0.3, 0.3 - i / 100] })),
        measured: [2e9, 2e10],
        budget: 5e10,
      },
      palette,
      options,
    ),
  'pareto-front': options =>
    paretoFrontChart(
      {
        names: { first: HOSTILE, second: 'web, books' },
        points: [
          { first: 1.4, second: 3.4, shares: 'code 80.0 %, web 20.0 %' },
          { first: 1.5, second: 3.1, shares: 'code 50.0 %, web 50.0 %' },
          { first: 2.1, second: 3, shares: 'web 100 %' },
        ],
        reference: { name: HOSTILE, first: 2.05, second: 3.3 },
        runs: [
          { first: 1.6, second: 3.2 },
          { first: 9, second: 9 },
        ],
      },
      options,
    ),
  coefficients: options =>
    coefficientsChart(
      domains,
      [
        {
          symbol: 'α',
          scale: 'linear',
          values: [
            { value: 0.2, standardError: 0.01, flag: 'none' },
            { value: 0, standardError: null, flag: 'at bound' },
            { value: 0.1, standardError: 50, flag: 'not identified' },
          ],
        },
        { symbol: 'E', scale: 'log', values: [{ value: 1e-7, standardError: 1, flag: 'none' }, null, null] },
      ],
      palette,
      options,
    ),
  verification: options =>
    verificationChart(
      [
        { run: 'optimum', predicted: 2.51, observed: 2.52, interval: { lower: 2.49, upper: 2.53 } },
        { run: HOSTILE, predicted: 2.61, observed: 2.66, interval: { lower: 2.59, upper: 2.63 } },
        { run: 'uniform', predicted: 2.7, observed: 2.69, interval: null },
      ],
      options,
    ),
  transfer: options =>
    transferMatrixChart(
      {
        targets: domains,
        sources: domains,
        weights: [
          [null, 0.5, 2],
          [1e-9, null, 0.02],
          [0.2, 0.05, null],
        ],
      },
      options,
    ),
  evidence: options =>
    evidenceBarsChart(
      [
        { law: 'bimix', mre: 0.01, baseline: false, targets: domains.map((target, i) => ({ target, mre: 0.01 * i })) },
        { law: 'mean', mre: 0.04, baseline: true, targets: [] },
      ],
      palette,
      options,
    ),
  'learning-curves': options =>
    learningCurvesChart(
      [
        ...domains.map((law, i) => ({
          law,
          baseline: i === 1,
          points: [4, 8, 16].map((runs, step) => {
            const mre = i === 2 && step === 0 ? 50 : (0.04 * (i + 1)) / (step + 1);
            return { runs, mre, draws: [mre * 0.9, mre * 1.1] };
          }),
        })),
        { law: 'never fitted', baseline: false, points: [] },
      ],
      domainPalette(['web']),
      options,
    ),
  coverage: options =>
    shareCoverageChart(
      domains.map(domain => ({
        domain,
        shares: [0, 0.1, 0.4],
        smallest: 0,
        median: 0.1,
        largest: 0.4,
        proposed: domain === 'web' ? 0.2 : null,
      })),
      palette,
      options,
    ),
  entropies: options =>
    entropiesChart(
      domains,
      [
        {
          title: 'conditional',
          values: [
            { value: 3.2, interval: { low: 3.1, high: 3.4 }, others: [3, null] },
            { value: 0, interval: { low: 0, high: 0 }, others: [0, 0.1] },
            { value: 2.5, interval: null, others: [2.4, 2.6] },
          ],
        },
        { title: 'von Neumann', values: [null, { value: 2, interval: null, others: [] }, null] },
      ],
      { estimator: 'chao-wang-jost', others: ['plug-in', HOSTILE] },
      palette,
      options,
    ),
  convergence: options =>
    entropyConvergenceChart(
      domains.map((domain, i) => ({
        domain,
        note: i === 2 ? '' : '+0.012',
        curve: volumes.slice(i).map((tokens, k) => ({ tokens, entropy: 3 + k / 10 })),
        others: [volumes.map((tokens, k) => ({ tokens, entropy: 2 + k / 4 })), []],
      })),
      palette,
      {
        ...options,
        estimator: 'chao-wang-jost',
        others: ['plug-in', HOSTILE],
        entropy: 'conditional entropy',
        equalSize: 4e9,
        noteLabel: 'right of each name: change',
      },
    ),
  'entropy-mixtures': options =>
    entropyMixturesChart(
      domains,
      [
        { title: 'conditional', shares: [0.5, 0.4995, 0.0005] },
        { title: 'by size', shares: [1, 0, 0] },
      ],
      palette,
      options,
    ),
  overlap: options =>
    overlapMatrixChart(
      domains,
      [
        [0, 0.01, 0.4],
        [0.01, 0, 1],
        [0.4, 1, 0],
      ],
      options,
    ),
  'tokens-per-byte': options =>
    tokensPerByteChart(
      domains.map((domain, i) => ({ domain, tokensPerByte: 0.2 + i / 10, bitsPerByte: i === 1 ? null : 1.5 })),
      palette,
      options,
    ),
  'loss-change': options =>
    lossChangeChart(
      domains.map((target, i) => ({ target, proposed: 2 + i / 10, reference: 2.1 })),
      'uniform',
      options,
    ),
};
