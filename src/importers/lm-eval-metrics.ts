/** The metrics of one task in results of lm-evaluation-harness. */

import { BimixError, type Place } from '../errors/index.ts';
import type { MetricUnit } from '../observations/index.ts';
import { asObject } from './json-document.ts';

/** Metrics that laws can be fitted to: the share of right answers, or bits per byte. */
const UNITS: Readonly<Record<string, MetricUnit>> = {
  acc: 'accuracy',
  acc_norm: 'accuracy',
  exact_match: 'accuracy',
  em: 'accuracy',
  'pass@1': 'accuracy',
  bits_per_byte: 'bpb',
};

/** Names of those that are read. */
export const TASK_METRICS: readonly string[] = Object.keys(UNITS);

export interface TaskMetric {
  /** `<task>/<metric>`, with the filter behind where it is not `none`. */
  readonly domain: string;
  /** Left out for a metric that is not read. */
  readonly unit: MetricUnit | undefined;
  readonly value: number;
}

/**
 * @param values by `<metric>,<filter>`, as the harness writes them
 * @throws BimixError `invalid-number`
 */
export function taskMetrics(task: string, values: unknown, where: Place): TaskMetric[] {
  return Object.entries(asObject(values) ?? {}).flatMap(([key, value]): TaskMetric[] => {
    const [metric, filter] = key.split(',');
    if (filter === undefined || metric.endsWith('_stderr')) return [];
    const domain = `${task}/${metric}${filter === 'none' ? '' : `/${filter}`}`;
    const unit = Object.hasOwn(UNITS, metric) ? UNITS[metric] : undefined;
    // What is not read may be anything.
    if (unit === undefined) return [{ domain, unit, value: Number.NaN }];
    if (typeof value === 'number') return [{ domain, unit, value }];
    if (value === null || value === 'N/A') return [];
    const message = `invalid number ${JSON.stringify(value)} for "${key}" of task "${task}"`;
    throw new BimixError('invalid-number', message, { where });
  });
}
