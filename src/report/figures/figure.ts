/** A chart with what it shows as its title. */

import { type ChartOptions, groupDigits } from '../../charts/index.ts';
import type { ReportContext } from '../report-context.ts';

export interface Figure {
  /** File name of the chart without its ending, and the anchor of the figure. */
  readonly name: string;
  /** What one sees in the chart, as a sentence without its full stop. */
  readonly finding: string;
  /** What was measured on what, and what was left out of the drawing. */
  readonly caption: string;
  /** Draws it, as wide as asked. */
  readonly draw: (options: ChartOptions) => SVGSVGElement;
  /** The same with all there is to draw, folded up until asked for. */
  readonly fuller?: { readonly summary: string; readonly draw: (options: ChartOptions) => SVGSVGElement };
}

/** Draws a figure, or null where the data it needs are not there. */
export type FigureMaker<Context = ReportContext> = (context: Context) => Figure | null;

/** Panels of small multiples; beyond them the rest is in a table. */
const MAX_PANELS = 12;
/** Up to this many domains every one has its panel. */
const ALL_PANELS = 16;
/** Dots of one chart: more are not seen, and would make the page heavy. */
export const MAX_DOTS = 2400;

/**
 * The items to draw as panels, the first `MAX_PANELS` by `rank` when there are too many, in their own order;
 * and how to say it.
 */
export function choosePanels<T>(
  items: readonly T[],
  rank: (item: T) => number,
  ranked: string,
): { readonly shown: readonly T[]; readonly note: string } {
  if (items.length <= ALL_PANELS) return { shown: items, note: '' };
  const kept = new Set([...items].sort((a, b) => rank(b) - rank(a)).slice(0, MAX_PANELS));
  const note = ` Drawn are ${MAX_PANELS} of ${items.length} domains, ${ranked}; all are in the tables.`;
  return { shown: items.filter(item => kept.has(item)), note };
}

/** ` Drawn are 2,400 of 45,000 points, evenly spread.`, or nothing when all are. */
export function thinnedNote(drawn: number, total: number, what: string): string {
  if (drawn >= total) return '';
  return ` Drawn are ${groupDigits(drawn)} of ${groupDigits(total)} ${what}, evenly spread.`;
}
