/** Which metrics of a log are losses of which evaluation domain. */

import type { InputFile } from '../files/index.ts';
import type { MetricUnit } from '../observations/index.ts';
import { blendedMetrics, withoutDomains } from './blended-loss.ts';
import type { ColumnMap } from './column-map.ts';
import { columnRoles } from './column-roles.ts';

/** Of everything at once, or of training; read only when the map names them. */
const NOT_BY_DOMAIN =
  /^(?:train|training)[/_.]|^_|^(?:train|training|eval|val|valid|validation|test|total|lm)?[/_.]*(?:avg_|mean_|macro_|micro_)?loss$|[/_.](?:avg|mean|macro|micro)_loss$/i;

/** OLMo calls validation sets so: `c4_en-validation`. */
const VALIDATION_SET = /(.)-validation$/;

/** The column of a metric, under its name or with dots for slashes, as nested keys are joined; -1 where there is none. */
export function columnOfMetric(columns: readonly string[], metric: string): number {
  const exact = columns.indexOf(metric);
  return exact >= 0 ? exact : columns.indexOf(metric.replaceAll('/', '.'));
}

export interface MetricDomains {
  /** Evaluation domain by metric. */
  readonly domains: ReadonlyMap<string, string>;
  /** By evaluation domain, of those that hold no losses. */
  readonly units: Readonly<Record<string, MetricUnit>>;
}

/**
 * @param metrics names in the logs
 * @param file to name when there is none
 * @param option a sentence that says how such losses get into the log
 * @throws BimixError `missing-domains` when no metric is the loss of a domain
 */
export function domainsOfMetrics(
  metrics: readonly string[],
  map: ColumnMap,
  file: InputFile,
  option: string,
): MetricDomains {
  const { losses, accuracy, error, bpb } = map;
  const guessed = losses === undefined ? metrics.filter(name => !NOT_BY_DOMAIN.test(name)) : metrics;
  const { losses: found } = columnRoles(guessed, {
    ...(losses === undefined ? {} : { losses }),
    ...(accuracy === undefined ? {} : { accuracy }),
    ...(error === undefined ? {} : { error }),
    ...(bpb === undefined ? {} : { bpb }),
    domain: '',
    loss: '',
  });
  if (found.length === 0) {
    throw withoutDomains(file, blendedMetrics(metrics), option);
  }
  const names = new Set(found.map(({ domain }) => domain));
  const nameOf = (domain: string): string => {
    const bare = domain.replace(VALIDATION_SET, '$1');
    return losses === undefined && !names.has(bare) ? bare : domain;
  };
  return {
    domains: new Map(found.map(({ domain, column }) => [guessed[column], nameOf(domain)])),
    units: Object.fromEntries(
      found.flatMap(({ domain, unit }) => (unit === undefined ? [] : [[nameOf(domain), unit]])),
    ),
  };
}
