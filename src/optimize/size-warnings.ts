/** What can be believed of a law that knows model sizes, at the size it is asked about. */

import type { FittedLaw, Warning } from '../laws/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { sameSize } from '../observations/index.ts';

/** Beyond this times the largest model of the fit, predicted losses are no forecast: see docs/scale.md. */
const SAFE_FACTOR = 2;

/** Empty at sizes that the fit covers, and for laws that know none. */
export function sizeWarnings({ size, sizes }: FittedLaw): Warning[] {
  if (size === undefined || sizes === undefined) return [];
  const [smallest, largest] = [sizes[0], sizes[sizes.length - 1]];
  const asked = `${formatQuantity(size)} parameters`;
  if (size > largest && !sameSize(size, largest)) {
    const factor = Number((size / largest).toPrecision(3));
    const beyond = `${asked} is ${factor} times the largest model of the fit (${formatQuantity(largest)})`;
    const message =
      size > SAFE_FACTOR * largest
        ? `${beyond}: believe the ranking of mixtures, not the losses. For losses, train one mixture at that size and fit it with --prior`
        : `${beyond}: losses are extrapolated and can be off by 1 % and more, all in one direction; the ranking of mixtures is safer`;
    return [{ code: 'size-beyond-runs', message }];
  }
  if (size < smallest && !sameSize(size, smallest)) {
    const message = `${asked} is below the smallest model of the fit (${formatQuantity(smallest)}): losses are extrapolated`;
    return [{ code: 'size-beyond-runs', message }];
  }
  return [];
}
