/** The refusal of logs without losses of domains: one for all trainers, so that all say the same way out. */

import { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';

/**
 * @param found what the log has instead: `only "eval_loss", over everything`
 * @param option a sentence that says how the trainer evaluates each domain
 */
export function withoutDomains({ path }: InputFile, found: string, option: string): BimixError {
  return new BimixError('missing-domains', `missing losses by domain in ${path}: it has ${found}`, {
    hint: `Laws are fitted to the loss of each domain. ${option} For runs already trained, evaluate each checkpoint on a validation set of each domain, for example with tasks of lm-evaluation-harness that report bits_per_byte, and import those results.`,
    where: { file: path },
  });
}

/** The metrics of a log that look like blended losses, in words for `withoutDomains`. */
export function blendedMetrics(metrics: readonly string[]): string {
  const blended = metrics.filter(name => /loss$/i.test(name)).slice(0, 3);
  return blended.length === 0 ? 'no loss at all' : `only ${blended.map(name => `"${name}"`).join(', ')}`;
}
