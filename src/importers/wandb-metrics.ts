/** Which metrics of a history are losses of which evaluation domain. */

import { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import type { MetricUnit } from '../observations/index.ts';
import type { ColumnMap } from './column-map.ts';
import { columnRoles } from './column-roles.ts';

/** Of everything at once, or of training; read only when the map names them. */
const NOT_BY_DOMAIN =
  /^(?:train|training)[/_.]|^_|^(?:train|training|eval|val|valid|validation|test|total|lm)?[/_.]*(?:avg_|mean_|macro_|micro_)?loss$/i;

export interface MetricDomains {
  /** Evaluation domain by metric. */
  readonly domains: ReadonlyMap<string, string>;
  /** By evaluation domain, of those that hold no losses. */
  readonly units: Readonly<Record<string, MetricUnit>>;
}

/**
 * @param metrics names in the logs
 * @param file to name when there is none
 * @throws BimixError `missing-domains` when no metric is the loss of a domain
 */
export function domainsOfMetrics(metrics: readonly string[], map: ColumnMap, file: InputFile): MetricDomains {
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
    const blended = metrics.filter(name => /loss$/i.test(name)).slice(0, 3);
    const instead = blended.length === 0 ? '' : `, only ${blended.map(name => `"${name}"`).join(', ')}`;
    throw new BimixError('missing-domains', `missing losses by domain in ${file.path}: no metric is one${instead}`, {
      hint: "Evaluate on a validation set of each domain, logged as eval/<domain>/loss; metrics of other names are told with --format wandb --column 'losses=val/*/ce'.",
      where: { file: file.path, line: 1 },
    });
  }
  return {
    domains: new Map(found.map(({ domain, column }) => [guessed[column], domain])),
    units: Object.fromEntries(found.flatMap(({ domain, unit }) => (unit === undefined ? [] : [[domain, unit]]))),
  };
}
