import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import {
  budgetPathChart,
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
} from './index.ts';

const { window } = new JSDOM('');
const { document } = window;
const serialize = (svg: SVGSVGElement): string => new window.XMLSerializer().serializeToString(svg);

const HOSTILE = 'a<b>&"c\'\u0001';
const domains = ['web', 'code', HOSTILE];
const palette = domainPalette(domains);
const options = { document };

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
const CHARTS: Record<string, () => SVGSVGElement> = {
  'predicted-observed': () =>
    predictedObservedChart(
      domains.map((target, i) => ({ target, mre: 0.004 * i, fitted: points, heldOut: i === 2 ? [] : points })),
      palette,
      options,
    ),
  'loss-curves': () =>
    lossCurvesChart(
      domains.map((target, i) => ({ target, curves: [curve(0.02 + i / 10, 2), curve(0.3, 1.5), curve(null, 1)] })),
      'tokens',
      palette,
      options,
    ),
  'loss-share': () =>
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
  'residuals-volume': () =>
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
  'residuals-share': () =>
    residualsChart([{ target: 'web', points: [{ at: 0, error: 0, run: 'run 1' }] }], palette, {
      ...options,
      against: 'share',
      heldOut: false,
    }),
  mixture: () =>
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
  'budget-path': () =>
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
  'pareto-front': () =>
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
  coefficients: () =>
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
  verification: () =>
    verificationChart(
      [
        { run: 'optimum', predicted: 2.51, observed: 2.52, interval: { lower: 2.49, upper: 2.53 } },
        { run: HOSTILE, predicted: 2.61, observed: 2.66, interval: { lower: 2.59, upper: 2.63 } },
        { run: 'uniform', predicted: 2.7, observed: 2.69, interval: null },
      ],
      options,
    ),
  transfer: () =>
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
  evidence: () =>
    evidenceBarsChart(
      [
        { law: 'bimix', mre: 0.01, baseline: false, targets: domains.map((target, i) => ({ target, mre: 0.01 * i })) },
        { law: 'mean', mre: 0.04, baseline: true, targets: [] },
      ],
      palette,
      options,
    ),
  'learning-curves': () =>
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
  coverage: () =>
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
  entropies: () =>
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
  convergence: () =>
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
  'entropy-mixtures': () =>
    entropyMixturesChart(
      domains,
      [
        { title: 'conditional', shares: [0.5, 0.4995, 0.0005] },
        { title: 'by size', shares: [1, 0, 0] },
      ],
      palette,
      options,
    ),
  overlap: () =>
    overlapMatrixChart(
      domains,
      [
        [0, 0.01, 0.4],
        [0.01, 0, 1],
        [0.4, 1, 0],
      ],
      options,
    ),
  'tokens-per-byte': () =>
    tokensPerByteChart(
      domains.map((domain, i) => ({ domain, tokensPerByte: 0.2 + i / 10, bitsPerByte: i === 1 ? null : 1.5 })),
      palette,
      options,
    ),
  'loss-change': () =>
    lossChangeChart(
      domains.map((target, i) => ({ target, proposed: 2 + i / 10, reference: 2.1 })),
      'uniform',
      options,
    ),
};

describe.each(Object.entries(CHARTS))('the chart %s', (name, draw) => {
  test('looks as it did', async () => {
    await expect(`${serialize(draw()).replaceAll('><', '>\n<')}\n`).toMatchFileSnapshot(`__snapshots__/${name}.svg`);
  });

  test('is well-formed XML on its own, named and described', () => {
    const parsed = new window.DOMParser().parseFromString(serialize(draw()), 'image/svg+xml');
    expect(parsed.querySelector('parsererror')?.textContent).toBeUndefined();
    expect(parsed.documentElement.getAttribute('role')).toBe('img');
    expect(parsed.documentElement.getAttribute('aria-label')).toMatch(/^[A-Z].{20,}\.$/su);
  });

  test('has no number that is none', () => {
    expect(serialize(draw())).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  test('is the same bytes when drawn again, with ids of its own', () => {
    const svg = draw();
    expect(serialize(draw())).toBe(serialize(svg));
    for (const element of svg.querySelectorAll('[id]')) expect(element.id).toMatch(new RegExp(`^${name}-`));
  });

  test('writes hostile names as text', () => {
    expect(draw().querySelectorAll('b, script').length).toBe(0);
  });
});

test('bars beyond the end of the axis are cut and marked, and their figures stay', () => {
  const row = (law: string, mre: number, baseline: boolean) => ({
    law,
    mre,
    baseline,
    convex: law !== 'trees',
    targets: [{ target: 'web', mre }],
  });
  const rows = [row('a', 0.01, false), row('trees', 0.02, false), row('mean', 500, true)];
  const chart = evidenceBarsChart(rows, palette, { ...options, end: 0.04 });
  const [first, , last] = chart.querySelectorAll('g[aria-label=bar] rect');
  expect(Number(last.getAttribute('width')) / Number(first.getAttribute('width'))).toBeCloseTo(4.12, 2);
  expect(chart.querySelectorAll('circle[fill="#0072b2"]').length).toBe(2);
  expect(chart.textContent).toContain('50000.0');
  expect(chart.textContent).toContain('→');
  expect(chart.textContent).toContain('not convex');
});

test('a curve of one point, and the same for all domains, still has an axis', () => {
  const panel = { domain: 'web', note: '', curve: [{ tokens: 1000, entropy: 2 }], others: [] };
  const chart = entropyConvergenceChart([panel], palette, {
    ...options,
    estimator: 'plug-in',
    others: [],
    entropy: 'conditional entropy',
    equalSize: 1000,
    noteLabel: 'change',
  });
  expect(serialize(chart)).not.toMatch(/NaN|undefined|Infinity/);
  expect(chart.textContent).toContain('1K');
});
