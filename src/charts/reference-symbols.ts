/** Hollow symbols for what stands beside the main thing: reference mixtures, other estimators. */

import type * as Plot from '@observablehq/plot';
import type { LegendSymbol } from './legend.ts';

/** In the order they are given out; what has none is not drawn. */
export const REFERENCE_SYMBOLS = ['ring', 'square', 'triangle', 'kite'] as const satisfies readonly LegendSymbol[];
export const REFERENCES_DRAWN = REFERENCE_SYMBOLS.length;

/** What Plot calls the symbol. */
export function plotSymbol(symbol: (typeof REFERENCE_SYMBOLS)[number]): Plot.SymbolType {
  if (symbol === 'square' || symbol === 'triangle') return symbol;
  return symbol === 'kite' ? 'diamond' : 'circle';
}
