/** A comparison of laws from a file: the one that a report shows, and the law it recommends. */

import { BimixError } from '../errors/index.ts';
import { type Comparison, parseComparisons } from '../evidence/index.ts';
import { readInputFile } from '../files/index.ts';
import type { FittedLaw } from '../laws/index.ts';
import { sameSize } from '../observations/index.ts';

/**
 * The comparison in a file that was measured on runs of the law's model size.
 *
 * @throws BimixError `invalid-comparison` when none was, or it is of other domains
 */
export async function readComparison(path: string, { size, trainingDomains }: FittedLaw): Promise<Comparison> {
  const comparisons = parseComparisons((await readInputFile(path)).text(), path);
  const own = comparisons.find(comparison =>
    size === undefined || comparison.size === undefined ? comparison.size === size : sameSize(comparison.size, size),
  );
  if (own !== undefined && own.trainingDomains.join('\n') === trainingDomains.join('\n')) return own;
  const what = own === undefined ? 'model sizes' : 'training domains';
  throw new BimixError('invalid-comparison', `invalid comparison for this law: it has other ${what}`, {
    hint: 'Compare laws on the runs that the law was fitted to: bimix compare runs.jsonl --json > comparison.json.',
    where: { file: path },
  });
}

export const COMPARE_HELP = 'comparison.json of these runs, from bimix compare --json: the law it recommends is fitted';

/**
 * The convex law that a comparison recommends; undefined without a file.
 *
 * @throws BimixError `missing-law` where no law beats the baselines, `ambiguous-law` where model sizes differ in it
 */
export async function recommendedLaw(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const comparisons = parseComparisons((await readInputFile(path)).text(), path);
  const laws = new Set(comparisons.map(({ recommendation }) => recommendation.optimize?.law));
  const [law] = laws;
  const where = { file: path };
  if (laws.size > 1) {
    const named = [...laws].map(name => name ?? 'none').join(', ');
    throw new BimixError('ambiguous-law', `ambiguous law: the comparison recommends ${named}, by model size`, {
      hint: 'Name one with --law, and select its runs with --where size=...',
      where,
    });
  }
  if (law !== undefined) return law;
  throw new BimixError('missing-law', 'missing law: by this comparison no convex law predicts better than a baseline', {
    hint: 'Make more runs (bimix next), or name a law with --law.',
    where,
  });
}
