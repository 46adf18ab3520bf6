import { describe, expect, test } from 'vitest';
import { expectNumbers, expectSelfContained, expectWellFormed, parsePage } from '../../test/report-page.ts';
import { simulatedEntropy } from '../../test/simulated-entropy.ts';
import { renderEntropyCharts, renderEntropyReport } from './index.ts';

const domains = ['web', 'code', 'books', 'wiki', 'maths', 'mail', 'forum'];
const results = simulatedEntropy(domains);
const options = {
  title: 'What are the domains worth?',
  generated: '2026-01-02T03:04:05Z',
  commands: ['bimix entropy corpus.yaml -o entropy.json'],
};

describe('a report of seven domains', async () => {
  const page = await renderEntropyReport(results, options);
  const document = parsePage(page);
  const text = (selector: string): string => document.querySelector(selector)?.textContent ?? '';

  test('has its sections and figures, each with what it was measured on', () => {
    expect([...document.querySelectorAll('main > section')].map(section => section.id)).toEqual([
      'entropies',
      'ranking',
      'mixtures',
      'domains',
      'overlap',
      'warnings',
      'reproduction',
    ]);
    const figures = [...document.querySelectorAll('figure')];
    expect(figures.map(({ id }) => id)).toEqual([
      'figure-entropies',
      'figure-convergence',
      'figure-entropy-mixtures',
      'figure-tokens-per-byte',
      'figure-overlap',
    ]);
    for (const figure of figures) {
      expect(figure.querySelector('h3')?.textContent).toMatch(/\d/);
      expect(figure.querySelector('figcaption')?.textContent).toMatch(
        /Measured on 7\u00a0domains, \S+\u00a0tokens in [\d,]+\u00a0documents, tokenizer gpt2\.$/,
      );
    }
  });

  test('opens with the richest domain and whether the order is settled', () => {
    const richest = domains.reduce((a, b) => (results.domains[b].conditional > results.domains[a].conditional ? b : a));
    expect(text('.tiles dt')).toBe(`Richest: ${richest}`);
    expect(text('.tiles dd.figure')).toBe(`${results.domains[richest].conditional.toFixed(3)} nats`);
    expect(text('.verdict')).toMatch(/Is the ranking settled\? Not everywhere: \d+ of 21\u00a0pairs of domains/);
    expect(text('.verdict')).toContain('1\u00a0warning');
  });

  test('gives nats with bits beside, and weights as shares of tokens', () => {
    const [row] = document.querySelectorAll('#entropies tbody tr');
    const cells = [...row.querySelectorAll('td')].map(cell => cell.textContent ?? '');
    expect(Number(cells[3])).toBeCloseTo(Number.parseFloat(cells[2]) / Math.LN2, 2);
    expect(text('#entropies caption')).toContain('nats per token (joint: per pair)');
    expect(text('#mixtures caption')).toMatch(/^Share of tokens by mixture/);
    expect(text('#figure-entropy-mixtures figcaption')).toMatch(/^Shares of tokens/);
  });

  test('shows the tokens and pairs of every domain as they are, spaces and markup included', () => {
    const details = document.querySelectorAll('#domains .compact > details');
    expect(details.length).toBe(7);
    const shown = [...document.querySelectorAll('#domains code.token')].map(code => code.textContent);
    expect(shown).toContain(' <b>');
    expect(shown).toContain('  ');
  });

  test('needs nothing from outside', () => expectSelfContained(page));
  test('is well-formed', () => expectWellFormed(page));
  test('prints no number that is none', () => expectNumbers(page));

  test('is the same bytes for the same input', async () => {
    expect(await renderEntropyReport(simulatedEntropy(domains), options)).toBe(page);
  });
});

test('names of domains and texts of tokens are text, whatever they hold', async () => {
  const hostile = ['<script>alert(1)</script>', '"\'&amp;', 'x\u0007\u202e', '</style></svg><img src=x onerror=a()>'];
  const given = simulatedEntropy(hostile);
  const measured = Object.fromEntries(
    Object.entries(given.domains).map(([name, domain]) => {
      return [name, { ...domain, topTokens: hostile.map(text => ({ text, share: 0.1 })) }];
    }),
  );
  const page = await renderEntropyReport({ ...given, domains: measured }, { ...options, title: '<b>&</b>' });
  expectWellFormed(page);
  const document = parsePage(page);
  expect(document.querySelectorAll('script').length).toBe(1);
  expect(document.querySelectorAll('img, b:not(.verdict b)').length).toBe(0);
  expect([...document.querySelectorAll('code.token')].map(code => code.textContent)).toContain(hostile[3]);
});

test('one domain of unknown tokens in one document, makes a report that says what it lacks', async () => {
  const single = simulatedEntropy(['alone'], { withText: false, withVonNeumann: false, documents: 1 });
  const page = await renderEntropyReport(single, options);
  expectWellFormed(page);
  expectNumbers(page);
  const document = parsePage(page);
  expect(document.querySelectorAll('#mixtures, #overlap, #figure-tokens-per-byte').length).toBe(0);
  expect(document.querySelector('.verdict')?.textContent).toContain('nothing to rank');
  expect(document.querySelector('#entropies')?.textContent).toContain('do not name the tokenizer');
  expect(document.querySelector('#figure-entropies')?.textContent).toContain('too few documents for intervals');
  expect(document.querySelector('#domains')?.textContent).toContain('was not read');
});

test('64 domains stay below 2 MB, and the page says what it left out', async () => {
  const many = Array.from({ length: 64 }, (_, i) => `source-${String(i).padStart(2, '0')}/subset`);
  const page = await renderEntropyReport(simulatedEntropy(many), options);
  expect(Buffer.byteLength(page)).toBeLessThan(2e6);
  expectWellFormed(page);
  const document = parsePage(page);
  expect(document.querySelector('#figure-convergence figcaption')?.textContent).toContain('12 of 64 domains');
  expect(document.querySelectorAll('#entropies tbody tr').length).toBe(64);
});

test('charts by themselves are whole SVG documents with names of their own', async () => {
  const charts = await renderEntropyCharts(results);
  expect(charts.map(({ name }) => name)).toEqual([
    'entropies',
    'convergence',
    'entropy-mixtures',
    'tokens-per-byte',
    'overlap',
  ]);
  for (const { svg, finding } of charts) {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(finding).toMatch(/\S{3}/);
  }
});
