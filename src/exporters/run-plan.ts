/** Runs that are to be made: a name and a mixture each, as a table that `bimix import` joins with their losses. */

import { extname } from 'node:path';
import { BimixError } from '../errors/index.ts';
import { isStandardOutput } from '../files/index.ts';
import type { Mixture } from '../mixture/index.ts';
import { csvTable } from './csv-table.ts';
import { decimalShares } from './decimals.ts';

export interface PlannedRun {
  readonly name: string;
  /** Shares of tokens. */
  readonly mixture: Mixture;
}

/**
 * CSV with the columns `run` and `weight_<domain>`, or JSON lines with `run` and `weights` by domain, as the file's name ends.
 * Shares have six decimals and sum to exactly 1.
 *
 * @throws BimixError `unknown-format`
 */
export function runPlan(path: string, runs: readonly PlannedRun[]): string {
  checkPlanFile(path);
  if (isJsonLines(path)) {
    return runs.map(({ name, mixture }) => `${JSON.stringify({ run: name, weights: weightsOf(mixture) })}\n`).join('');
  }
  const [{ mixture }] = runs;
  const rows = runs.map(run => [run.name, ...decimalShares(run.mixture)]);
  return csvTable([['run', ...mixture.domains.map(domain => `weight_${domain}`)], ...rows]);
}

/**
 * Whether a plan can be written to a file of this name; for asking before the runs are chosen.
 *
 * @throws BimixError `unknown-format`
 */
export function checkPlanFile(path: string): void {
  if (isJsonLines(path) || extname(path).toLowerCase() === '.csv') return;
  throw new BimixError('unknown-format', `unknown format of ${path}: its name ends in neither .csv nor .jsonl`, {
    hint: 'Give the plan one of those endings.',
  });
}

/** Whether a plan of that name is JSON lines, as on standard output. */
export function isJsonLines(path: string): boolean {
  return isStandardOutput(path) || extname(path).toLowerCase() === '.jsonl';
}

/** Share of tokens by domain, as the plan rounds it. */
export function weightsOf(mixture: Mixture): Record<string, number> {
  const decimals = decimalShares(mixture);
  return Object.fromEntries(mixture.domains.map((domain, j) => [domain, Number(decimals[j])]));
}
