/** How many tokens a byte of text takes: what the tokenizer makes of each domain. */

import * as Plot from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { rowChart } from './row-chart.ts';
import { GREY, type Palette } from './theme.ts';
import { linearTicks } from './ticks.ts';

export interface TokensPerByteRow {
  readonly domain: string;
  readonly tokensPerByte: number;
  /** Conditional entropy, bits per byte of text; null where not known. */
  readonly bitsPerByte: number | null;
}

/** @param rows in drawing order */
export function tokensPerByteChart(
  rows: readonly TokensPerByteRow[],
  palette: Palette,
  options: ChartOptions = {},
): SVGSVGElement {
  const most = rows.reduce((a, b) => (b.tokensPerByte > a.tokensPerByte ? b : a));
  const least = rows.reduce((a, b) => (b.tokensPerByte < a.tokensPerByte ? b : a));
  const domain = [0, most.tokensPerByte * 1.03] as const;
  return rowChart({
    ...options,
    description: {
      name: 'tokens-per-byte',
      alt: `Tokens per byte of text of ${rows.length} domains: most in ${most.domain} (${most.tokensPerByte.toFixed(3)}), least in ${least.domain} (${least.tokensPerByte.toFixed(3)}).`,
    },
    rows: rows.map(row => row.domain),
    x: width => ({ domain, ticks: linearTicks(domain, width, String, 10), tickFormat: String }),
    xLabel: 'tokens per byte of text',
    marks: [Plot.barX(rows, { x: 'tokensPerByte', y: 'domain', fill: row => palette.get(row.domain) ?? GREY })],
    columns: [
      { title: 'tokens per byte', texts: rows.map(row => row.tokensPerByte.toFixed(3)) },
      { title: 'bytes per token', texts: rows.map(row => (1 / row.tokensPerByte).toFixed(2)) },
      {
        title: 'bits per byte',
        texts: rows.map(({ bitsPerByte }) => (bitsPerByte === null ? '–' : bitsPerByte.toFixed(3))),
      },
    ],
  });
}
