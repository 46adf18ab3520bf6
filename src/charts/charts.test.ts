import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { CHART_SAMPLES, palette } from '../../test/chart-samples.ts';
import { DARK_COLOURS, entropyConvergenceChart, evidenceBarsChart, NARROW_WIDTH } from './index.ts';
import { textWidth } from './label.ts';

const { window } = new JSDOM('');
const { document } = window;
const options = { document };
const serialize = (svg: SVGSVGElement): string => new window.XMLSerializer().serializeToString(svg);

describe.each(Object.entries(CHART_SAMPLES))('the chart %s', (name, sample) => {
  const draw = (width?: number): SVGSVGElement => sample(width === undefined ? options : { ...options, width });

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

  test('fits a phone: every word in the picture, in letters of at least 11 pixels', () => {
    const svg = draw(NARROW_WIDTH);
    const [, , width, height] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number);
    expect(svg.classList.contains('narrow')).toBe(true);
    expect(width).toBe(NARROW_WIDTH);
    for (const { text, left, right, y, size } of words(svg)) {
      expect(size, text).toBeGreaterThanOrEqual(11);
      expect(left, text).toBeGreaterThan(-4);
      expect(right, text).toBeLessThan(width + 2);
      expect(y, text).toBeLessThan(height + 1);
    }
  });

  test('has a partner on a dark page for each of its colours', () => {
    for (const svg of [draw(), draw(NARROW_WIDTH)]) {
      for (const element of svg.querySelectorAll('[fill], [stroke]')) {
        for (const name of ['fill', 'stroke']) {
          const colour = element.getAttribute(name) ?? 'none';
          if (colour !== 'none' && colour !== 'currentColor') expect([...DARK_COLOURS.keys()]).toContain(colour);
        }
      }
    }
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

interface Word {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly y: number;
  readonly size: number;
}

/** Where each upright text of a chart lies, by the widths that layouts reckon with. */
function words(svg: SVGSVGElement): Word[] {
  return [...svg.querySelectorAll('text')].flatMap(element => {
    const text = element.textContent;
    let [x, y] = ['x', 'y'].map(name => Number.parseFloat(element.getAttribute(name) ?? '0'));
    let [anchor, size] = ['', ''];
    for (let node: Element | null = element; node !== null; node = node.parentElement) {
      const transform = node.getAttribute('transform') ?? '';
      if (transform.includes('rotate')) return [];
      const [, dx = '0', dy = '0'] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(transform) ?? [];
      x += Number(dx);
      y += Number(dy);
      anchor ||= node.getAttribute('text-anchor') ?? '';
      size ||= node.getAttribute('font-size') ?? '';
    }
    const width = textWidth(text, Number(size)) * 0.9;
    const left = anchor === 'end' ? x - width : anchor === 'middle' ? x - width / 2 : x;
    return [{ text, left, right: left + width, y, size: Number(size) }];
  });
}
