/** The comparison of laws that a report shows. */

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
  throw new BimixError('invalid-comparison', `invalid comparison for this law: it is of other ${what}`, {
    hint: 'Compare laws on the runs that the law was fitted to: bimix compare runs.jsonl --json > comparison.json.',
    where: { file: path },
  });
}
