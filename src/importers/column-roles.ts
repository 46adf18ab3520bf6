/** What the columns of a generic table mean: as the column map says, else by the names that trainers and people use. */

import { BimixError } from '../errors/index.ts';
import { type LossUnit, METRIC_UNITS, type MetricUnit } from '../observations/index.ts';
import type { ColumnMap } from './column-map.ts';
import { readColumnName } from './column-names.ts';
import { STEP_NAMES, TOKEN_NAMES } from './volume-names.ts';

/** One column that belongs to one domain. */
export interface DomainColumn {
  readonly domain: string;
  readonly column: number;
}

/** One column with what was measured on one evaluation domain. */
export interface MeasuredColumn extends DomainColumn {
  /** Left out for a loss; only a map names others. */
  readonly unit?: MetricUnit;
  /** Whether its rates are from 0 to 100, not to 1. */
  readonly inPercent?: true;
}

/** Indices of columns; left out where the table has none. */
export interface ColumnRoles {
  /** Columns whose values make the run's name; none when runs have no name. */
  readonly run: readonly number[];
  readonly step?: number;
  readonly tokens?: number;
  readonly size?: number;
  readonly seed?: number;
  readonly replicate?: number;
  readonly weights: readonly DomainColumn[];
  /** Losses and metrics of a wide table. */
  readonly losses: readonly MeasuredColumn[];
  /** Evaluation domain and its loss, in a long table. */
  readonly long?: { readonly domain: number; readonly loss: number };
}

/** Usual names, in lower case, likeliest first. */
const USUAL_NAMES = {
  run: ['run', 'run_id', 'run_name', 'experiment', 'exp_name', 'mixture_id', 'mix_id', 'name'],
  step: STEP_NAMES,
  tokens: TOKEN_NAMES,
  size: [
    ...['size', 'model_size', 'params', 'n_params', 'num_params', 'parameters', 'n_parameters', 'num_parameters'],
    ...['model_params', 'model_parameters', 'param_count'],
  ],
  seed: ['seed', 'random_seed'],
  replicate: ['replicate', 'rep'],
  domain: ['domain', 'eval_domain', 'evaluation_domain', 'val_domain', 'eval_dataset', 'dataset', 'subset', 'label'],
  loss: ['loss', 'eval_loss', 'val_loss', 'validation_loss', 'avg_loss', 'ce_loss', 'nll', 'nll_per_token'],
} as const;

/** Model sizes in tables, where the cells are sizes. */
const MODEL_NAMES = ['model', 'model_name', 'n'];

/** Numbers of rows as a rule; of runs where a table has no volume and so one row a run. */
const ROW_NAMES = ['index', 'id'];

/** Most telling first: the first pattern that fits two columns wins. */
const WEIGHT_PATTERNS = [
  ...['weight', 'weights', 'mixture', 'mix', 'ratio', 'ratios', 'proportion', 'proportions', 'share', 'shares', 'w'],
]
  .flatMap(word => [`${word}_*`, `${word}/*`, `${word}.*`])
  // `train/...` are metrics of training, as W&B and TensorBoard log them.
  .concat('train_*', '*_weight', '*_proportion', '*_ratio', '*_share');

/** Patterns of losses as loggers write them; the most telling first. */
const LOGGED_LOSSES = [
  'losses.*',
  'losses/*',
  'metrics/eval/*/LanguageCrossEntropy',
  'eval/lm/*/CE loss',
  'eval/*/CrossEntropyLoss',
  'lm loss validation-*',
  'metric/*_val_loss',
  'eval/*/loss',
  'eval/*_loss',
  'eval_*_loss',
  'eval_*:log_perplexity',
  'validation/*_loss',
  'validation/*/loss',
  'val/*_loss',
  'val/*/loss',
  'val_*_loss',
  'val_loss/*',
  'val_loss_*',
  'eval_loss/*',
  'eval_loss_*',
  '*_val_loss',
  '*_eval_loss',
  '*/val_loss',
  '*.nll_per_token',
  '*_loss',
  '*/loss',
  '*.loss',
  'loss_*',
  'loss/*',
  'loss.*',
];

/** The same where nested keys are joined by dots, or slashes were replaced in the name of a file. */
const LOSS_PATTERNS = [
  ...new Set(LOGGED_LOSSES.flatMap(pattern => ['/', '.', '_'].map(by => pattern.replaceAll('/', by)))),
];

/** Losses of everything at once, and Megatron's perplexities and doubles by samples; read only when the map names them. */
const BLENDED =
  /^(train|training|total|lm|eval|val|valid|validation|test|mean|avg|average|overall|macro|micro|aux|z)$| (?:ppl|vs samples)$/i;

/** Never guessed to be a share, whatever it begins with. */
const LOSS_NAME =
  /(^|[^a-z])loss$|^train_(?:tokens|steps?|runtime|epoch|lr|time|.*per_second|.*(?:acc|accuracy|ppl|ce|bpb))$/i;

export interface RoleOptions {
  /** Whether names that people make up are read too, and metrics by their names: in tables, not in logs. Default false. */
  readonly isTable?: boolean;
  /** What the user says losses count. */
  readonly lossUnit?: LossUnit;
}

/** The roles of columns by name. Columns the map names and the table lacks have no role here: see `requireColumns`. */
export function columnRoles(
  columns: readonly string[],
  map: ColumnMap = {},
  { isTable = false, lossUnit }: RoleOptions = {},
): ColumnRoles {
  const taken = new Set<number>();
  const take = (names: readonly string[], isExact: boolean): number | undefined => {
    const plain = isExact ? columns : columns.map(column => column.toLowerCase());
    const words = isExact || !isTable ? [] : columns.map(plainName);
    const spellings = isExact ? names : names.flatMap(name => [name, name.replaceAll('/', '.')]);
    const index = spellings
      .flatMap(name => [plain.indexOf(name), words.indexOf(name)])
      .find(found => found >= 0 && !taken.has(found));
    if (index !== undefined) taken.add(index);
    return index;
  };
  const find = (key: Exclude<keyof typeof USUAL_NAMES, 'run'>): number | undefined => {
    const named = map[key];
    if (named !== undefined) return take([named], true);
    return take(USUAL_NAMES[key], false) ?? (key === 'size' && isTable ? take(MODEL_NAMES, false) : undefined);
  };
  const scalars = {
    ...defined('step', find('step')),
    ...defined('tokens', find('tokens')),
    ...defined('size', find('size')),
    ...defined('seed', find('seed')),
    ...defined('replicate', find('replicate')),
  };
  const hasVolume = scalars.step !== undefined || scalars.tokens !== undefined;
  const run =
    map.run === undefined
      ? [take(hasVolume ? USUAL_NAMES.run : [...USUAL_NAMES.run, ...ROW_NAMES], false)]
      : [map.run].flat().map(name => take([name], true));

  const mappedWeights = map.weights === undefined ? [] : mappedColumns(columns, map.weights);
  for (const { column } of mappedWeights) taken.add(column);
  const metrics = METRIC_UNITS.flatMap(unit => {
    const named = map[unit];
    return named === undefined ? [] : mappedColumns(columns, named).map(column => ({ ...column, unit }));
  });
  for (const { column } of metrics) taken.add(column);
  const named = isTable ? namedColumns(columns, taken, lossUnit) : undefined;
  const patternLosses = (): DomainColumn[] =>
    guessedColumns(columns, LOSS_PATTERNS, taken).filter(({ domain }) => !BLENDED.test(domain));
  const losses =
    map.losses === undefined ? completed(patternLosses(), named?.losses) : mappedColumns(columns, map.losses);
  for (const { column } of losses) taken.add(column);
  const domain = find('domain');
  const loss = find('loss');
  const isLong = domain !== undefined && loss !== undefined && (map.loss !== undefined || losses.length < 2);
  columns.forEach((name, column) => {
    if (LOSS_NAME.test(name)) taken.add(column);
  });
  const guessedWeights = (): DomainColumn[] => {
    const shares = completed(
      guessedColumns(columns, WEIGHT_PATTERNS, taken, 2),
      named?.shares.filter(({ column }) => !taken.has(column)),
    );
    if (shares.length >= 2 || !isTable) return shares;
    // A share called like the domain of a loss.
    const bare = columns.flatMap((name, column) => {
      return !taken.has(column) && losses.some(({ domain }) => domain === name) ? [{ domain: name, column }] : [];
    });
    if (bare.length >= 2) return bare;
    return shares.filter(share => losses.some(({ domain }) => domain === share.domain));
  };
  const weights = map.weights === undefined ? guessedWeights() : mappedWeights;
  for (const { column } of weights) taken.add(column);
  const byName = metrics.length > 0 || map.losses !== undefined ? [] : (named?.metrics ?? []);
  const measured = [...losses, ...metrics];
  measured.push(
    ...apart(
      columns,
      measured,
      byName.filter(({ column }) => !taken.has(column)),
    ),
  );
  return {
    run: run.filter(index => index !== undefined),
    ...scalars,
    weights,
    losses: isLong ? [] : measured,
    ...(isLong ? { long: { domain, loss } } : {}),
  };
}

/**
 * Checks that each column the map names is in one of the tables.
 *
 * @param tables columns of each table
 * @throws BimixError `missing-column`
 */
export function requireColumns(map: ColumnMap, tables: readonly (readonly string[])[]): void {
  const { weights, losses, run, volume: _unit, accuracy, error, bpb, ...single } = map;
  const lists = [run, weights, losses].flatMap(named => {
    if (named === undefined || (typeof named === 'string' && named.includes('*'))) return [];
    return typeof named === 'string' ? [named] : Object.values(named);
  });
  const all = new Set(tables.flat());
  const lost = [...lists, ...Object.values(single)].find(name => name !== undefined && !all.has(name));
  if (lost !== undefined) throw missingColumn(`missing column "${lost}"`, all);
  for (const pattern of [weights, losses]) {
    if (typeof pattern !== 'string' || tables.some(columns => mappedColumns(columns, pattern).length > 0)) continue;
    throw missingColumn(`missing columns "${pattern}"`, all);
  }
}

/** Whether a column holds one loss of everything at once. */
export function isBlended(column: string): boolean {
  return /^(?:(?:train|training|eval|val|valid|validation|test|total|lm|mean|avg|average|overall|macro|micro)[\s_./-]*)*(?:loss|ce|nll)$/i.test(
    column.trim(),
  );
}

/** Whether a column is called like one that names models, and holds sizes only now and then. */
export function isModelName(column: string): boolean {
  return MODEL_NAMES.includes(plainName(column));
}

/** `nParams` and `N Params` are `n_params`. */
function plainName(column: string): string {
  const apart = column.trim().replace(/([a-z])([A-Z])/g, '$1_$2');
  return apart.toLowerCase().replace(/[\s./-]+/g, '_');
}

/** Columns by what their names say, and what is of a family: see `readColumnName`. */
function namedColumns(columns: readonly string[], taken: ReadonlySet<number>, lossUnit: LossUnit | undefined) {
  const names = columns.flatMap((name, column) => {
    const read = taken.has(column) ? undefined : readColumnName(name);
    return read === undefined ? [] : [{ ...read, column }];
  });
  const lossKind = lossUnit === 'perplexity' && names.some(({ kind }) => kind === 'perplexity') ? 'perplexity' : 'loss';
  return {
    shares: ofOneFamily(names.filter(({ kind }) => kind === 'share')),
    losses: ofOneFamily(names.filter(({ kind }) => kind === lossKind)),
    metrics: names.flatMap(({ domain, column, kind }): MeasuredColumn[] => {
      const unit = METRIC_UNITS.find(metric => metric === kind);
      return unit === undefined ? [] : [{ domain, column, unit }];
    }),
  };
}

/** Of columns for one domain, the one whose family has most. */
function ofOneFamily(names: readonly (DomainColumn & { readonly shape: string })[]): DomainColumn[] {
  const sizes = new Map<string, number>();
  for (const { shape } of names) sizes.set(shape, (sizes.get(shape) ?? 0) + 1);
  const sorted = names.toSorted((a, b) => (sizes.get(b.shape) ?? 0) - (sizes.get(a.shape) ?? 0));
  const domains = new Map<string, DomainColumn>();
  for (const { domain, column } of sorted) if (!domains.has(domain)) domains.set(domain, { domain, column });
  return [...domains.values()].sort((a, b) => a.column - b.column);
}

/** The columns that a pattern fits and the others of their kind, where both say the same of the columns they share. */
function completed(fitting: readonly DomainColumn[], named: readonly DomainColumn[] = []): DomainColumn[] {
  const domainOf = new Map(named.map(({ column, domain }) => [column, domain]));
  const isSame = fitting.every(({ column, domain }) => domainOf.get(column) === domain);
  return fitting.length === 0 || (isSame && named.length > fitting.length) ? [...named] : [...fitting];
}

/** Metrics are called like their columns where another column measures the same domain. */
function apart(
  columns: readonly string[],
  others: readonly MeasuredColumn[],
  metrics: readonly MeasuredColumn[],
): MeasuredColumn[] {
  const counts = new Map<string, number>();
  for (const { domain } of [...others, ...metrics]) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  return metrics.map(role => {
    const isTwice = (counts.get(role.domain) ?? 0) > 1 && !counts.has(columns[role.column]);
    return isTwice ? { ...role, domain: columns[role.column] } : role;
  });
}

function missingColumn(message: string, columns: ReadonlySet<string>): BimixError {
  const shown = [...columns].slice(0, 12).join(', ');
  const more = columns.size > 12 ? `, and ${columns.size - 12} more` : '';
  return new BimixError('missing-column', message, { hint: `There are: ${shown}${more}.` });
}

function mappedColumns(columns: readonly string[], named: NonNullable<ColumnMap['weights']>): DomainColumn[] {
  if (typeof named === 'string') return matchingColumns(columns, named, new Set());
  const pairs = Array.isArray(named) ? named.map(name => [name, name]) : Object.entries(named);
  return pairs.map(([domain, name]) => ({ domain, column: columns.indexOf(name) })).filter(({ column }) => column >= 0);
}

/** The columns of the first pattern that fits at least two of them, else of the first that fits `least`. */
function guessedColumns(
  columns: readonly string[],
  patterns: readonly string[],
  taken: ReadonlySet<number>,
  least = 1,
): DomainColumn[] {
  const fits = patterns.map(pattern => matchingColumns(columns, pattern, taken));
  return fits.find(({ length }) => length >= 2) ?? fits.find(({ length }) => length >= least) ?? [];
}

/** A pattern without a star is a column named like its domain. */
function matchingColumns(columns: readonly string[], pattern: string, taken: ReadonlySet<number>): DomainColumn[] {
  const star = pattern.indexOf('*');
  if (star < 0) return columns.flatMap((name, column) => (name === pattern ? [{ domain: name, column }] : []));
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  return columns.flatMap((name, column) => {
    const fits = name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length;
    return fits && !taken.has(column)
      ? [{ domain: name.slice(before.length, name.length - after.length), column }]
      : [];
  });
}

function defined<K extends string>(key: K, value: number | undefined): { [P in K]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: number });
}
