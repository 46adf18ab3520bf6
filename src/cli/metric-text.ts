/** How targets that are no losses are shown: named with what they measure, error rates beside their accuracies. */

import type { FittedLaw, FittedTarget } from '../laws/index.ts';
import { decimal, percent } from './number-text.ts';

/** `code`, or `hellaswag (error rate)`. */
export function targetLabel({ target, metric }: FittedTarget): string {
  return metric === undefined ? target : `${target} (${metric})`;
}

/** By evaluation domain. */
export function targetLabels({ targets }: FittedLaw): Map<string, string> {
  return new Map(targets.map(target => [target.target, targetLabel(target)]));
}

/** The perplexity of a loss, the accuracy of an error rate. */
export function readableValue({ metric }: FittedTarget, value: number): string {
  if (metric === undefined) return decimal(Math.exp(value), 2);
  return metric === 'error rate' ? `accuracy ${percent(1 - value, 1)}` : '-';
}
