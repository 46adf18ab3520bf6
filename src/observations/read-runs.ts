/** From the text of a `runs.jsonl` to a checked table, in one call and without a file. */

import { assembleRuns } from './assemble.ts';
import type { RunTable } from './run-table.ts';
import { parseRuns, RUNS_FORMAT } from './runs-jsonl.ts';

/**
 * The runs in the text of a `runs.jsonl`. Losses are nats per token, shares are of tokens. What was repaired is said by
 * `assemble`, which this calls.
 *
 * @param text of the whole file
 * @throws BimixError as `parseRuns` and `assemble`
 *
 * @example
 * ```js
 * import { readRuns } from 'bimix';
 *
 * const { trainingDomains, runs } = readRuns(text);
 * ```
 */
export function readRuns(text: string): RunTable {
  const draft = parseRuns(text.split(/\r?\n/));
  const provenance = draft.provenance ?? { format: RUNS_FORMAT, inputs: [], version: '' };
  return assembleRuns(draft, { provenance }).table;
}
