/** Losses in other units, as nats per token. */

import { BimixError } from '../errors/index.ts';
import type { LossUnit } from './draft.ts';

/** Mean bytes per token of each evaluation domain, or one number for all. */
export type BytesPerToken = number | Readonly<Record<string, number>>;

/**
 * For each evaluation domain, what turns a loss of that unit into nats per token:
 * bits x ln 2; ln(perplexity); bits per byte x bytes per token x ln 2.
 *
 * @param isLoss false for domains that are measured in something else, which is left as it is
 * @throws BimixError `missing-bytes-per-token` when the unit is bits per byte and a domain has no bytes per token,
 * `invalid-bytes-per-token` when one is not positive
 */
export function natsConverters(
  unit: LossUnit,
  domains: readonly string[],
  bytesPerToken?: BytesPerToken,
  isLoss: (domain: string) => boolean = () => true,
): ((loss: number) => number)[] {
  return domains.map(domain => {
    if (unit === 'nats' || !isLoss(domain)) return loss => loss;
    if (unit === 'bits') return loss => loss * Math.LN2;
    if (unit === 'perplexity') return loss => Math.log(loss);
    const scale = bytesOf(domain, bytesPerToken) * Math.LN2;
    return loss => loss * scale;
  });
}

function bytesOf(domain: string, bytesPerToken: BytesPerToken | undefined): number {
  const bytes =
    typeof bytesPerToken === 'object' && Object.hasOwn(bytesPerToken, domain) ? bytesPerToken[domain] : bytesPerToken;
  if (typeof bytes !== 'number') {
    const message = `missing bytes per token of "${domain}": losses in bits per byte need it to become nats per token`;
    throw new BimixError('missing-bytes-per-token', message, {
      hint: 'Pass --bytes-per-token with one number, or a file with one number for each evaluation domain.',
    });
  }
  if (!(bytes > 0) || bytes === Number.POSITIVE_INFINITY) {
    throw new BimixError(
      'invalid-bytes-per-token',
      `invalid bytes per token of "${domain}": ${bytes}, expected above 0`,
    );
  }
  return bytes;
}
