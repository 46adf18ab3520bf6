/** Losses in whatever form a user has them: tables, logs, runs.jsonl, or folders that `bimix run` trained into. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { BimixError } from '../errors/index.ts';
import { distinctMixtures } from '../fitting/index.ts';
import { type ImportedRuns, importRuns } from '../importers/index.ts';
import { formatQuantity, parseQuantity } from '../mixture/index.ts';
import { parseWhere, type RunTable, sameSize, selectWhere } from '../observations/index.ts';
import { collectRuns, type RunSet, readPlanFolder, readRunStates, trainablePlan } from '../proxies/index.ts';
import { runsBySize, type SizedRuns } from './selected-runs.ts';

/** What tells a folder of `bimix run`. */
const MANIFEST = 'manifest.json';

/**
 * @param where conditions that all rows must meet
 * @throws BimixError as `importRuns` and `collectRuns`; `ambiguous-input` for folders of `bimix run` beside other files
 */
export async function lossesOf(paths: readonly string[], where: readonly string[]): Promise<ImportedRuns> {
  const trained = paths.filter(name => existsSync(path.join(name, MANIFEST)));
  const imported = trained.length === 0 ? await importedRuns(paths) : await collected(paths, trained);
  const clauses = where.flatMap(parseWhere);
  return clauses.length === 0 ? imported : { ...imported, table: selectWhere(imported.table, clauses) };
}

/** The way out of what an import refuses is often an option of `bimix import`. */
async function importedRuns(paths: readonly string[]): Promise<ImportedRuns> {
  try {
    return await importRuns(paths);
  } catch (error) {
    if (!(error instanceof BimixError) || !/ --\w/.test(error.hint)) throw error;
    const { code, message, hint, where } = error;
    const way = 'That is an option of bimix import: write a runs.jsonl with it, and decide by that.';
    throw new BimixError(code, message, { hint: `${hint}\n${way}`, where, cause: error });
  }
}

async function collected(paths: readonly string[], folders: readonly string[]): Promise<ImportedRuns> {
  const other = paths.find(name => !folders.includes(name));
  if (other !== undefined) {
    const message = `ambiguous losses: "${folders[0]}" is a folder of bimix run, and "${other}" is not`;
    throw new BimixError('ambiguous-input', message, {
      hint: 'Decide by one of them, or collect and import them apart.',
    });
  }
  const sets: RunSet[] = [];
  for (const folder of folders) {
    const plan = trainablePlan(await readPlanFolder(folder), undefined);
    const { project, trainingDomains } = plan;
    sets.push({ project, trainingDomains, states: await readRunStates(plan, folder) });
  }
  const { table, findings } = await collectRuns(sets, { unfinished: false, diverged: false });
  return { table, findings, format: 'bimix run', reason: '' };
}

export interface RunsToDecideOn extends SizedRuns {
  /** Which sizes were left out, in a sentence; empty where none was. */
  readonly leftOut: string;
}

/** A size with fewer different mixtures than this many times its domains is passed over for one with more. */
const ENOUGH = 1;

/**
 * The runs of one model size: the one named, else the largest with as many different mixtures as domains, else the one with most.
 *
 * @param size as written, for example `122M`
 * @throws BimixError `unknown-size`
 */
export function runsToDecideOn(table: RunTable, size: string | undefined): RunsToDecideOn {
  const groups = runsBySize(table);
  const chosen = size === undefined ? bestGroup(groups) : namedGroup(groups, size);
  const others = groups.filter(group => group !== chosen);
  const leftOut =
    others.length === 0
      ? ''
      : `Decided by the runs of ${chosen.label === '' ? 'unknown size' : `${chosen.label} parameters`}; left out: ${others.map(({ label, table: runs }) => `${runs.runs.length} of ${label === '' ? 'unknown size' : label}`).join(', ')}. Choose with --size.`;
  return { ...chosen, leftOut };
}

function bestGroup(groups: readonly SizedRuns[]): SizedRuns {
  const counts = groups.map(({ table }) => distinctMixtures(table));
  const enough = groups.findLastIndex(({ table }, i) => counts[i] >= ENOUGH * table.trainingDomains.length);
  return groups[enough >= 0 ? enough : counts.indexOf(Math.max(...counts))];
}

function namedGroup(groups: readonly SizedRuns[], text: string): SizedRuns {
  const wanted = parseQuantity(text, 'model size');
  const found = groups.find(({ size }) => size !== undefined && sameSize(size, wanted));
  if (found !== undefined) return found;
  const known = groups.flatMap(({ size }) => (size === undefined ? [] : [formatQuantity(size)]));
  throw new BimixError('unknown-size', `unknown model size ${text}: the runs have ${known.join(', ') || 'none'}`, {
    hint: known.length === 0 ? 'Leave --size out.' : `Pass --size ${known[known.length - 1]}.`,
  });
}
