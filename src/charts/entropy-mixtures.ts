/** The mixtures that entropies imply, side by side with the size-proportional one: a panel a mixture, a row a domain. */

import * as Plot from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { textWidth } from './label.ts';
import type { LegendItem } from './legend.ts';
import { formatShare, shareTick } from './number-format.ts';
import { PANEL_MARGIN, type RowPanel, rowPanels } from './row-panels.ts';
import { FONT_SIZE, GREY, INK, type Palette } from './theme.ts';
import { linearTicks } from './ticks.ts';

export interface EntropyMixture {
  readonly title: string;
  /** Share of tokens, one a domain. */
  readonly shares: readonly number[];
}

const LABEL_SIZE = FONT_SIZE - 1;

/** @param domains in drawing order */
export function entropyMixturesChart(
  domains: readonly string[],
  mixtures: readonly EntropyMixture[],
  palette: Palette,
  options: ChartOptions = {},
): SVGSVGElement {
  const uniform = 1 / domains.length;
  const largest = Math.max(uniform, ...mixtures.flatMap(({ shares }) => shares));
  const legend: LegendItem[] = [
    { label: 'share of tokens', symbol: 'bar', colour: GREY },
    { label: `uniform, ${formatShare(uniform)} each`, symbol: 'dashes', colour: INK },
  ];
  const titles = mixtures.map(({ title }) => title).join(', ');
  const alt = `Shares of tokens of ${domains.length} domains in the mixtures ${titles}, as bars with a line at the uniform share of ${formatShare(uniform)}.`;
  return rowPanels(
    mixtures.map(mixture => drawPanel(domains, mixture, largest, uniform, palette)),
    { ...options, description: { name: 'entropy-mixtures', alt }, rows: domains, legend },
  );
}

function drawPanel(
  domains: readonly string[],
  { title, shares }: EntropyMixture,
  largest: number,
  uniform: number,
  palette: Palette,
): RowPanel {
  const bars = domains.map((domain, index) => ({ domain, share: shares[index], text: formatShare(shares[index]) }));
  return {
    title,
    plot: width => {
      const inner = width - PANEL_MARGIN.left - PANEL_MARGIN.right;
      const room = Math.max(...bars.map(({ text }) => textWidth(text, LABEL_SIZE))) + 8;
      const end = (largest * inner) / Math.max(inner - room, inner / 2);
      return {
        x: { type: 'linear', domain: [0, end] },
        ticks: linearTicks([0, largest], inner - room, shareTick, 4),
        tickFormat: shareTick,
        marks: [
          Plot.barX(bars, {
            x: 'share',
            y: 'domain',
            fill: ({ domain }) => palette.get(domain) ?? GREY,
            insetTop: 3,
            insetBottom: 3,
            title: ({ domain, text }) => `${domain}: ${text} of tokens, ${title}`,
          }),
          Plot.ruleX([uniform], { stroke: INK, strokeDasharray: '4 3' }),
          Plot.text(bars, { x: end, y: 'domain', text: 'text', textAnchor: 'end', fill: INK }),
        ],
      };
    },
  };
}
