import { describe, expect, test, vi } from 'vitest';
import { expectNumbers, expectSelfContained, expectWellFormed, parsePage } from '../../test/report-page.ts';
import { simulatedEntropy } from '../../test/simulated-entropy.ts';
import { assumedLaw, bareReport, simulatedReport, simulatedTable } from '../../test/simulated-report.ts';
import { fitLaw } from '../fitting/index.ts';
import { bimix } from '../laws/index.ts';
import { bestRunInWords } from '../optimize/index.ts';
import { renderCharts, renderReport, svgToPng } from './index.ts';

const whole = simulatedReport('bimix-transfer');

describe('a whole report', async () => {
  const page = await renderReport(whole);
  const document = parsePage(page);

  test('has its sections, and a figure for each chart with title, caption and alternative text', () => {
    expect([...document.querySelectorAll('main > section')].map(section => section.id)).toEqual([
      'mixture',
      'verification',
      'warnings',
      'budget',
      'evidence',
      'law',
      'fit',
      'data',
      'reproduction',
    ]);
    const figures = [...document.querySelectorAll('figure')];
    expect(figures.length).toBe(14);
    for (const figure of figures) {
      expect(figure.querySelector('h3')?.textContent).toMatch(/\S{3}/);
      expect(figure.querySelector('svg')?.getAttribute('aria-label')).toMatch(/\S{3}/);
      expect(figure.querySelector('figcaption')?.textContent).toMatch(/16\u00a0runs/);
    }
  });

  test('says its findings with their numbers', () => {
    const error = whole.evidence?.laws[0].mean.mre ?? 0;
    const finding = document.querySelector('#figure-predicted-observed h3')?.textContent;
    expect(finding).toContain(`within ${(error * 100).toFixed(2)}\u00a0% on average`);
    expect(document.querySelector('#figure-mixture figcaption')?.textContent).toContain('Shares of tokens');
    expect(document.querySelector('#law')?.textContent).toContain('nats per token');
  });

  test('needs nothing from outside: no link, source or script but its own', () => expectSelfContained(page));

  test('is well-formed: every tag closed, every id once, every anchor there', () => expectWellFormed(page));

  test('prints no number that is none', () => expectNumbers(page));

  test('is the same bytes for the same input', async () => {
    expect(await renderReport(simulatedReport('bimix-transfer'))).toBe(page);
  });
});

test('a reference that is the proposed mixture is named as such and not drawn; further references are folded up', async () => {
  const { mixture, losses } = whole.proposal ?? { mixture: {}, losses: {} };
  const rounded = Object.fromEntries(
    Object.entries(mixture).map(([domain, share]) => [domain, Number(share.toFixed(6))]),
  );
  const same = { name: 'mixture.yaml', mixture: rounded, losses, epochs: null };
  const document = parsePage(await renderReport({ ...whole, references: [same, ...whole.references] }));
  const figure = document.querySelector('#figure-mixture');
  expect(figure?.querySelector('figcaption')?.textContent).toContain('mixture.yaml is the proposed mixture.');
  expect(figure?.querySelector('details')?.textContent).toContain('uniform');
  expect(figure?.querySelector('.charts')?.textContent).not.toContain('uniform');
  for (const svg of figure?.querySelectorAll('svg') ?? []) expect(svg.textContent).not.toContain('mixture.yaml');
  expect(document.querySelector('#mixture table')?.textContent).toContain('mixture.yaml');
});

describe('the first screen', async () => {
  const document = parsePage(await renderReport(whole));
  const header = document.querySelector('header')?.textContent ?? '';

  test('says how far beyond the runs the budget is, before any error or probability', () => {
    expect(header).toContain('4 times the longest run: extrapolated');
    expect(header.indexOf('extrapolated')).toBeLessThan(header.indexOf('Error on held-out data'));
  });

  test('compares the proposal with the best run at hand, in the words of bimix optimize', () => {
    const { bestRun, meanLoss, volume } = whole.proposal ?? {};
    if (bestRun == null || meanLoss === undefined || volume === undefined) throw new Error('no best run');
    expect(header).toContain(bestRunInWords(bestRun, { name: 'The proposal', loss: meanLoss }, volume));
  });

  test('says in shares how exactly the largest one has to be kept', () => {
    expect(header).toMatch(/Room for \w+\d+ to \d+\u00a0%/);
  });
});

test('a budget within the runs is no extrapolation', async () => {
  const { proposal } = whole;
  const within = { ...whole, proposal: proposal && { ...proposal, extrapolation: 1 } };
  expect(await renderReport(within)).not.toContain('class="alert"');
});

describe('titles are computed from every point drawn', async () => {
  const { path } = whole;
  const title = async (shares: readonly number[]): Promise<string> => {
    const points = path?.points.slice(0, shares.length) ?? [];
    const mixed = points.map((point, i) => ({
      ...point,
      mixture: { web: shares[i], code: 0.9 - shares[i], books: 0.05, wiki: 0.05 },
    }));
    const figures = await renderCharts({ ...whole, path: path && { ...path, points: mixed } });
    return figures.find(({ name }) => name === 'budget-path')?.finding ?? '';
  };

  test('a V whose ends are level is a move, and its lowest point is named', async () => {
    expect(await title([0.3, 0.2, 0.3])).toMatch(
      /moves most, and back and forth: between 20\.0\u00a0% at [\d.]+B and 30\.0\u00a0% at 1B tokens$/,
    );
  });

  test('a share that grows all the way says so, and one that stays within a point has not moved', async () => {
    expect(await title([0.2, 0.25, 0.3])).toContain('grows from 20.0\u00a0% to 30.0\u00a0%, the largest move');
    expect(await title([0.3, 0.296, 0.3])).toContain('no share moves by 1 point');
  });
});

test('names of domains, titles and commands are text, whatever they hold', async () => {
  const hostile = ['<script>alert(1)</script>', '"\'&amp;', 'x\u0007\u202e', '</style></svg><img src=x onerror=a()>'];
  const input = { ...simulatedReport('bimix', hostile), title: '<b>&</b>', commands: ['a > b && c < "d"'] };
  const document = parsePage(await renderReport(input));
  expect(document.querySelectorAll('script').length).toBe(1);
  expect(document.querySelectorAll('img, b:not(.verdict b, .alert b)').length).toBe(0);
  expect([...document.querySelectorAll('*')].some(element => element.hasAttribute('onerror'))).toBe(false);
  expect(document.title).toBe('<b>&</b>');
  expect(document.querySelector('pre')?.textContent).toBe('a > b && c < "d"');
  const named = [...document.querySelectorAll('#data th[scope=row]')].map(cell => cell.textContent);
  expect(named).toContain(hostile[0]);
  expect(named).toContain(hostile[3]);
});

test('runs and a law alone make a report that says what it lacks', async () => {
  const table = simulatedTable({ domains: ['web', 'code', 'books'], runs: 10 });
  const document = parsePage(await renderReport(bareReport(table, fitLaw(table, bimix))));
  expect(document.querySelector('#evidence')?.textContent).toContain('No data were held out');
  expect(document.querySelector('#fit')?.textContent).toContain('no loss curves');
  expect(document.querySelectorAll('#mixture, #budget').length).toBe(0);
  expect(document.body.innerHTML).not.toMatch(/NaN|undefined|Infinity/);
});

test('entropies of the domains have a section near the end, and the same colours as elsewhere on the page', async () => {
  const domains = ['web', 'code', 'books', 'wiki'];
  const page = await renderReport({ ...simulatedReport('bimix', domains), entropy: simulatedEntropy(domains) });
  expectWellFormed(page);
  expectNumbers(page);
  const document = parsePage(page);
  const sections = [...document.querySelectorAll('main > section')].map(section => section.id);
  expect(sections.slice(-2)).toEqual(['entropy', 'reproduction']);
  const figures = [...document.querySelectorAll('#entropy figure')].map(figure => figure.id);
  expect(figures).toContain('figure-entropies');
  expect(figures).toContain('figure-entropy-mixtures');
  expect(document.querySelector('#warnings')?.textContent).toContain('(entropy, undersampled)');
  const swatch = (figure: string): string[] =>
    [...document.querySelectorAll(`#figure-${figure} text`)]
      .filter(text => text.textContent === 'code')
      .map(text => text.previousElementSibling?.getAttribute('fill') ?? '');
  expect(swatch('convergence')).toEqual(swatch('loss-curves'));
});

test('64 domains and 5,000 runs stay below 3 MB, and the page says what it left out', async () => {
  const domains = Array.from({ length: 64 }, (_, i) => `source-${String(i).padStart(2, '0')}/subset`);
  const table = simulatedTable({ domains, runs: 5000 });
  const page = await renderReport(bareReport(table, assumedLaw(table)));
  expect(Buffer.byteLength(page)).toBeLessThan(3e6);
  const document = parsePage(page);
  const caption = document.querySelector('#figure-predicted-observed figcaption')?.textContent;
  expect(caption).toContain('12 of 64 domains');
  expect(caption).toMatch(/Drawn are 2,\d{3} of 60,000 points/);
  expect(document.querySelectorAll('#figure-predicted-observed circle').length).toBeLessThan(2500);
});

test('a law of other domains or other sizes is refused', async () => {
  const table = simulatedTable({ domains: ['web', 'code'], runs: 8 });
  const other = simulatedTable({ domains: ['web', 'books'], runs: 8 });
  const fitted = fitLaw(table, bimix);
  await expect(renderReport(bareReport(other, fitted))).rejects.toMatchObject({ code: 'invalid-law' });
  await expect(renderReport(bareReport(table, { ...fitted, size: 7e9 }))).rejects.toMatchObject({
    code: 'missing-runs',
  });
  await expect(renderReport({ ...bareReport(table, fitted), fitted: [] })).rejects.toMatchObject({
    code: 'missing-law',
  });
});

describe('charts by themselves', async () => {
  const charts = await renderCharts(whole);

  test('have names of their own and are whole SVG documents', () => {
    expect(new Set(charts.map(({ name }) => name)).size).toBe(charts.length);
    for (const { svg } of charts) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  test('become PNG pictures of the width asked for', async () => {
    const png = await svgToPng(charts[0].svg, { width: 640 });
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect(Buffer.from(png).readUInt32BE(16)).toBe(640);
  });

  test('say how to get what draws pictures when it is not installed', async () => {
    vi.doMock('@resvg/resvg-js', () => {
      throw new Error('Cannot find package');
    });
    await expect(svgToPng(charts[0].svg)).rejects.toMatchObject({
      code: 'missing-package',
      hint: expect.stringContaining('npm install @resvg/resvg-js'),
    });
    vi.doUnmock('@resvg/resvg-js');
  });
});
