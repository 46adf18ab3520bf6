/** Finished cells in a file, one JSON line each, so that a run that was stopped goes on where it was. */

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Outcome } from './cell.ts';

export interface CellCache {
  get(key: string): Outcome | undefined;
  set(key: string, outcome: Outcome): void;
}

/** @param file made when the first cell is kept; nothing is kept without one */
export function openCellCache(file: string | undefined): CellCache {
  const kept = new Map<string, Outcome>();
  if (file !== undefined && existsSync(file)) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const entry = parsed(line);
      if (entry !== undefined) kept.set(entry.key, entry.outcome);
    }
  }
  return {
    get: key => kept.get(key),
    set(key, outcome) {
      kept.set(key, outcome);
      // The line break comes first: a line that a stopped run left unfinished ends there.
      if (file !== undefined) appendFileSync(file, `\n${JSON.stringify({ key, outcome })}`);
    },
  };
}

function parsed(line: string): { readonly key: string; readonly outcome: Outcome } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
