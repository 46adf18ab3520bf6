import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { domainPalette, regretCurvesChart } from './index.ts';

const { window } = new JSDOM('');
const { document } = window;
const curves = ['optimum', 'random'].map((choice, i) => ({
  choice,
  points: [8, 9, 10].map(runs => ({ runs, regret: (0.02 * (i + 1)) / runs })),
}));
const data = { curves, level: 0.005, caption: 'Three runs of <none>' };
const draw = (): SVGSVGElement => regretCurvesChart(data, domainPalette(['optimum']), { document });

describe('the chart of regret curves', () => {
  test('has a line for each way to choose, and the level', () => {
    expect(draw().querySelectorAll('g[aria-label=line] path').length).toBe(2);
    expect(draw().textContent).toContain('0.5 % above the best');
  });

  test('is named, described and the same bytes when drawn again', () => {
    const text = (): string => new window.XMLSerializer().serializeToString(draw());
    expect(draw().getAttribute('aria-label')).toContain('optimum: 0.25 % at 8 runs, 0.2 % at 10');
    expect(text()).toBe(text());
    expect(text()).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('is drawn of a single point too', () => {
    const chart = regretCurvesChart(
      { ...data, curves: [{ choice: 'optimum', points: [{ runs: 8, regret: 0 }] }] },
      domainPalette(['optimum']),
      { document },
    );
    expect(chart.outerHTML).not.toMatch(/NaN|undefined|Infinity/);
  });
});
