/** What the figures and words about a comparison of laws share. */

import { COLOURED_DOMAINS, domainPalette, formatCount, groupDigits, type Palette } from '../../charts/index.ts';
import type { ComparedLaw, Comparison } from '../../evidence/index.ts';

export interface ComparisonContext {
  readonly comparison: Comparison;
  /** By evaluation domain. */
  readonly targetColours: Palette;
  /** By law, the best ones only. */
  readonly lawColours: Palette;
  /** Lowest MRE first, without baselines. */
  readonly laws: readonly ComparedLaw[];
  /** Ends the names of figures where a page has several comparisons; otherwise empty. */
  readonly suffix: string;
  /** `Held out (kfold:5): whole runs in 5 folds (seed 0); 60 runs, 4,158 losses.` */
  readonly heldOut: string;
}

/** @param targetColours colours that evaluation domains have elsewhere on the page */
export function comparisonContext(
  comparison: Comparison,
  suffix = '',
  targetColours: Palette = domainPalette(comparison.targets),
): ComparisonContext {
  const { split, meaning, runs, points } = comparison;
  const laws = comparison.laws.filter(({ kind }) => kind === 'law');
  return {
    comparison,
    targetColours,
    lawColours: domainPalette(laws.slice(0, COLOURED_DOMAINS).map(({ law }) => law)),
    laws,
    suffix,
    heldOut: `Held out (${split}): ${meaning}; ${formatCount(runs.heldOut, 'run')}, ${groupDigits(points)} losses.`,
  };
}
