/** The public run tables under `../shared/data`, cut to the rows that the reference figures were measured on. */

import { join } from 'node:path';
import { importRuns } from '../src/importers/index.ts';
import { parseWhere, type RunTable, selectWhere } from '../src/observations/index.ts';
import { haveShared, sharedPath } from './shared-data.ts';

export interface PublicTable {
  /** Below the data folder. */
  readonly files: readonly string[];
  readonly format: string;
  /** Conditions, as in `--where`. */
  readonly where?: string;
  readonly sumTolerance?: number;
}

const SLIMPAJAMA = { files: ['slimpajama/dmsl_llm_slimpajama.csv'], format: 'slimpajama' };

/** By the names of the reference file; 5Mix without its warm-up, all without rows that miss a loss. */
const TABLES = {
  '5Mix-70M': { files: ['mixinglaws/5Mix/70M.txt.gz'], format: 'mixinglaws', where: 'step>=6000 and complete' },
  '5Mix-160M': { files: ['mixinglaws/5Mix/160M.txt.gz'], format: 'mixinglaws', where: 'step>=6000 and complete' },
  // One run's proportions sum to 1.02.
  'RedPajama-70M': { files: ['mixinglaws/RedPajama/70M.txt.gz'], format: 'mixinglaws', sumTolerance: 0.03 },
  'RedPajama-160M': { files: ['mixinglaws/RedPajama/160M.txt.gz'], format: 'mixinglaws', sumTolerance: 0.03 },
  'dmsl-122M': { ...SLIMPAJAMA, where: 'size=122M and complete' },
  'dmsl-310M': { ...SLIMPAJAMA, where: 'size=310M and complete' },
  'dmsl-680M': { ...SLIMPAJAMA, where: 'size=680M and complete' },
  'regmix-train-1m': {
    files: ['regmix/train_mixture_1m.csv', 'regmix/train_pile_loss_1m.csv'],
    format: 'regmix',
  },
} as const satisfies Readonly<Record<string, PublicTable>>;

export type PublicTableName = keyof typeof TABLES;

export const PUBLIC_TABLES = Object.keys(TABLES) as PublicTableName[];

/** Files and rows of a table. */
export function sourceOfTable(name: PublicTableName): PublicTable {
  return TABLES[name];
}

/**
 * Rows for predicting last checkpoints from earlier ones. Runs end at 30,000 steps but for a few that go on; SlimPajama's first
 * checkpoint is warm-up.
 */
export const LATE_ROWS: Partial<Record<PublicTableName, string>> = {
  '5Mix-70M': 'step<=30000',
  'RedPajama-70M': 'step<=30000',
  'RedPajama-160M': 'step<=30000',
  'dmsl-122M': 'tokens>2B',
  'dmsl-310M': 'tokens>2B',
  'dmsl-680M': 'tokens>2.6B',
};

/** Tables of the same mixtures at a small and a larger model size. */
export const SIZE_PAIRS: readonly (readonly [small: PublicTableName, big: PublicTableName])[] = [
  ['5Mix-70M', '5Mix-160M'],
  ['RedPajama-70M', 'RedPajama-160M'],
  ['dmsl-122M', 'dmsl-680M'],
];

/** Tables of one kind, smallest size first. */
export const SIZES: readonly PublicTableName[] = ['dmsl-122M', 'dmsl-310M', 'dmsl-680M'];

/** Whether the tables are there; says on the console which tests are skipped when not. */
export function havePublicTables(what: string, names: readonly PublicTableName[] = PUBLIC_TABLES): boolean {
  return haveShared(what, ...new Set(names.flatMap(name => TABLES[name].files.map(file => `data/${file}`))));
}

/** @param folder where the data are */
export async function publicTable(name: PublicTableName, folder = sharedPath('data')): Promise<RunTable> {
  const { files, format, where, sumTolerance } = sourceOfTable(name);
  const paths = files.map(file => join(folder, file));
  const { table } = await importRuns(paths, { format, ...(sumTolerance === undefined ? {} : { sumTolerance }) });
  return where === undefined ? table : selectWhere(table, parseWhere(where));
}

/** Tables of the same domains as one. */
export function together(tables: readonly RunTable[]): RunTable {
  const joined = (of: (table: RunTable) => ArrayLike<number>) => tables.flatMap(table => Array.from(of(table)));
  let runs = 0;
  const rowRun = tables.flatMap(table => {
    const before = runs;
    runs += table.runs.length;
    return Array.from(table.rowRun, run => run + before);
  });
  return {
    ...tables[0],
    runs: tables.flatMap(table => table.runs),
    mixtures: Float64Array.from(joined(table => table.mixtures)),
    rowRun: Int32Array.from(rowRun),
    rowVolume: Float64Array.from(joined(table => table.rowVolume)),
    losses: Float64Array.from(joined(table => table.losses)),
  };
}
