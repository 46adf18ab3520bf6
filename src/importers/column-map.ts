/** Which columns of a generic table mean what: from a YAML file or from flags; what is left out is guessed. */

import { z } from 'zod';
import { BimixError, checkValue, didYouMean, type Place } from '../errors/index.ts';
import { readConfigFile } from '../files/index.ts';
import { METRIC_UNITS } from '../observations/index.ts';

const DomainColumns = z.union([z.string().min(1), z.array(z.string()).min(1), z.record(z.string(), z.string())]);

const ColumnMapSchema = z.strictObject({
  run: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  step: z.string().optional(),
  tokens: z.string().optional(),
  volume: z.enum(['tokens', 'steps', 'none']).optional(),
  size: z.string().optional(),
  seed: z.string().optional(),
  replicate: z.string().optional(),
  weights: DomainColumns.optional(),
  losses: DomainColumns.optional(),
  accuracy: DomainColumns.optional(),
  error: DomainColumns.optional(),
  bpb: DomainColumns.optional(),
  domain: z.string().optional(),
  loss: z.string().optional(),
});

/**
 * - `run`: column with the run's name, or several whose values are joined. Without one, a run is a mixture at a size.
 * - `step`, `tokens`: columns with the volume; `volume` says which counts when a table has both (default tokens), or `none`.
 * - `size`: column with the model size in parameters; `seed`, `replicate`: columns with those.
 * - `weights`: columns with shares of tokens; `losses`: columns with the losses of a wide table. Each is a pattern whose one
 *   `*` stands for the domain (`weight_*`), a list of columns named like their domains, or the column of each domain.
 * - `accuracy`, `error`, `bpb`: columns with accuracies or error rates from 0 to 1, or bits per byte that stay such, named as
 *   `losses` are; in a long table, the evaluation domains themselves.
 * - `domain`, `loss`: columns with the evaluation domain and its loss, in a long table.
 */
export type ColumnMap = z.infer<typeof ColumnMapSchema>;

const KEYS = Object.keys(ColumnMapSchema.shape);

/**
 * Reads a column map from a YAML or JSON file.
 *
 * @throws BimixError `invalid-columns` with line and column, and as `readConfigFile`
 */
export async function readColumnMap(path: string): Promise<ColumnMap> {
  const config = await readConfigFile(path);
  return parseColumnMap(config.value, config.place);
}

/**
 * Checks a column map that stands in a larger file.
 *
 * @param place where the value under keys of the map stands
 * @throws BimixError `invalid-columns`
 */
export function parseColumnMap(value: unknown, place: (...keys: string[]) => Place): ColumnMap {
  const unknown = isFields(value) ? Object.keys(value).find(key => !KEYS.includes(key)) : undefined;
  return checkValue(value, ColumnMapSchema, {
    code: 'invalid-columns',
    what: 'column map',
    hint: unknown === undefined ? `Keys are ${KEYS.join(', ')}.` : didYouMean(unknown, KEYS),
    place: keys => place(...keys.map(String)),
  });
}

/**
 * Reads flags such as `run=exp_name`, `weights=w_*`, `losses=web_ce,code_ce` (a comma makes a list).
 *
 * @throws BimixError `invalid-columns`
 */
export function parseColumnFlags(flags: readonly string[]): ColumnMap {
  const fields: Record<string, unknown> = {};
  for (const flag of flags) {
    const [, key, value] = /^(\w+)=(.+)$/s.exec(flag) ?? [];
    if (key === undefined || !KEYS.includes(key)) {
      throw new BimixError('invalid-columns', `invalid column flag "${flag}": expected a key, = and a column`, {
        hint: key === undefined ? `Keys are ${KEYS.join(', ')}.` : didYouMean(key, KEYS),
      });
    }
    const isList = ['run', 'weights', 'losses', ...METRIC_UNITS].includes(key) && value.includes(',');
    fields[key] = isList ? value.split(',').map(name => name.trim()) : value;
  }
  return checkValue(fields, ColumnMapSchema, { code: 'invalid-columns', what: 'column flag', place: () => ({}) });
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
