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

/** Two to the power of the bits per byte; read where these are not there. */
const BYTE_PERPLEXITY = 'byte_perplexity';

/** Names of those that are read. */
export const TASK_METRICS: readonly string[] = [...Object.keys(UNITS), BYTE_PERPLEXITY];

/** Beside the metrics of a task, not one of them. */
const NO_METRIC = /_stderr$|^(?:alias|sample_len|name|samples)$/;

export interface TaskMetric {
  /** `<task>/<metric>`, with the filter behind where it is not `none`. */
  readonly domain: string;
  /** Left out for a metric that is not read. */
  readonly unit: MetricUnit | undefined;
  readonly value: number;
}

/**
 * @param values by `<metric>,<filter>`, as the harness writes them, or by `<metric>`, as it did before version 0.4
 * @throws BimixError `invalid-number`
 */
export function taskMetrics(task: string, values: unknown, where: Place): TaskMetric[] {
  const measured = asObject(values) ?? {};
  return Object.entries(measured).flatMap(([key, value]): TaskMetric[] => {
    const [metric, filter = 'none'] = key.split(',');
    if (NO_METRIC.test(metric)) return [];
    const ending = filter === 'none' ? '' : `/${filter}`;
    const bits = key.replace(BYTE_PERPLEXITY, 'bits_per_byte');
    const isBytes = metric === BYTE_PERPLEXITY && !Object.hasOwn(measured, bits);
    const name = isBytes ? 'bits_per_byte' : metric;
    const unit = Object.hasOwn(UNITS, name) ? UNITS[name] : undefined;
    const domain = `${task}/${name}${ending}`;
    // What is not read may be anything.
    if (unit === undefined) return [{ domain, unit, value: Number.NaN }];
    if (typeof value === 'number') return [{ domain, unit, value: isBytes ? Math.log2(value) : value }];
    if (value === null || value === 'N/A') return [];
    const message = `invalid number ${JSON.stringify(value)} for "${key}" of task "${task}"`;
    throw new BimixError('invalid-number', message, { where });
  });
}
