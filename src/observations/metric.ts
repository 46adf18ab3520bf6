/**
 * What an evaluation domain is measured in, where that is no loss in nats per token. Laws are fitted to the logarithm of a
 * positive number that falls as a model gets better, so an accuracy becomes its error rate.
 */

import { BimixError, type Place } from '../errors/index.ts';
import { MAX_LOSS, MIN_LOSS } from './plausible-values.ts';
import type { Metric } from './run-table.ts';

/** What a metric column counts: an accuracy or an error rate from 0 to 1, or bits per byte. */
export const METRIC_UNITS = ['accuracy', 'error', 'bpb'] as const;

export type MetricUnit = (typeof METRIC_UNITS)[number];

export function metricOf(unit: MetricUnit): Metric {
  return unit === 'bpb' ? 'bits per byte' : 'error rate';
}

/** What a metric is read back as. */
export function unitOfMetric(metric: Metric): MetricUnit {
  return metric === 'bits per byte' ? 'bpb' : 'error';
}

/**
 * A value of a metric as a law is fitted to it: 1 - accuracy, or the value itself.
 *
 * @param what for errors: `"hellaswag" in run "r1"`
 * @throws BimixError `invalid-metric`: a rate outside 0 to 1, one without errors, bits per byte of 0 or less
 */
export function metricValue(unit: MetricUnit, value: number, what: string, where: Place): number {
  const [name, isRate] = unit === 'bpb' ? ['bits per byte', false] : [unit === 'error' ? 'error rate' : unit, true];
  const fitted = unit === 'accuracy' ? 1 - value : value;
  if (fitted >= MIN_LOSS && fitted <= (isRate ? 1 : MAX_LOSS)) return fitted;
  const rule = !isRate
    ? `from ${MIN_LOSS} to ${MAX_LOSS}`
    : unit === 'accuracy'
      ? 'from 0 to below 1'
      : 'above 0 and at most 1';
  const isPercent = isRate && value > 1 && value <= 100;
  throw new BimixError('invalid-metric', `invalid ${name} ${value} of ${what}: expected ${rule}`, {
    hint: isPercent
      ? 'Write it as a fraction of 1, not in per cent.'
      : 'Leave the cell empty where the value is not known. Laws fit logarithms, and an error rate of 0 has none.',
    where,
  });
}
