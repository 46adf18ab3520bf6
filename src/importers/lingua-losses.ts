/** What one line of Lingua's metrics measured: losses of sources, or metrics of tasks. */

import { BimixError, describePlace, type Place } from '../errors/index.ts';
import type { MetricUnit } from '../observations/index.ts';
import { asObject } from './json-document.ts';
import { taskMetrics } from './lm-eval-metrics.ts';

type Entry = Readonly<Record<string, unknown>>;

export interface LinguaLosses {
  readonly values: readonly { readonly domain: string; readonly value: number; readonly isRead: boolean }[];
  /** By domain, of those that hold no losses. */
  readonly metrics: Readonly<Record<string, MetricUnit>>;
  /** Losses that are written as log-likelihoods. */
  readonly negative: readonly string[];
}

/**
 * A loss is `nll / avg_seqlen`, the mean over tokens; `nll_per_token` is a mean over documents, of which a short one counts as
 * much as a long one, and is read only where the others are not there. Lingua sums log-likelihoods (`apps/main/generate.py`), so
 * that both are negative in its files.
 *
 * @throws BimixError `invalid-number`
 */
export function linguaLosses(entry: Entry, where: Place): LinguaLosses {
  const values: LinguaLosses['values'][number][] = [];
  const metrics: Record<string, MetricUnit> = {};
  const negative: string[] = [];
  for (const [name, value] of Object.entries(entry)) {
    const measured = asObject(value);
    if (measured === undefined) continue;
    if (!('nll_per_token' in measured)) {
      for (const { domain, unit, value: metric } of taskMetrics(name, measured, where)) {
        values.push({ domain, value: metric, isRead: unit !== undefined });
        if (unit !== undefined) metrics[domain] = unit;
      }
      continue;
    }
    const hasSum = 'nll' in measured && 'avg_seqlen' in measured;
    const numberOf = (key: string): number => numberIn(measured, key, `${name}.${key}`, where);
    const loss = hasSum ? numberOf('nll') / numberOf('avg_seqlen') : numberOf('nll_per_token');
    if (loss < 0) negative.push(`${name} (${describePlace(where)})`);
    values.push({ domain: name, value: Math.abs(loss), isRead: true });
  }
  return { values, metrics, negative };
}

/** Null stands for NaN, which Python writes bare. */
function numberIn(entry: Entry, key: string, name: string, where: Place): number {
  const value = entry[key];
  if (typeof value === 'number') return value;
  if (value === null) return Number.NaN;
  throw new BimixError('invalid-number', `invalid number ${JSON.stringify(value)} for "${name}"`, { where });
}
