/**
 * Splits of a run table into the rows that a law is fitted to and those that it must then predict. Held-out means whole runs held out,
 * except in the splits that hold out late checkpoints and say so.
 */

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import { BimixError } from '../errors/index.ts';
import { formatQuantity, parseQuantity } from '../mixture/index.ts';
import type { RunTable } from './run-table.ts';
import { modelSizes, sameSize } from './sizes.ts';

/** Rows of a table, ascending: fit on `train`, predict `test`. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface Split {
  /** As written, for example `kfold:5`. */
  readonly name: string;
  /** What is held out, in words. */
  readonly meaning: string;
  /** Whether whole runs are held out, so that laws can be compared on picking mixtures. */
  readonly holdsOutRuns: boolean;
  readonly folds: readonly Fold[];
}

/** How many times `draw:N` draws. */
const DRAWS = 10;

const FORMS = 'kfold:5, every:4, draw:4, last, after:0.5, size:680M, largest-size, protocol-1 or protocol-2';

/**
 * What is fitted and what is held out, by one of these names:
 *
 * - `kfold:K`: the runs are shuffled by `seed` into K groups; each group is predicted from the others.
 * - `every:N`: runs sorted by name as strings; positions N-1, 2N-1, ... from 0 are held out.
 * - `draw:N`: N runs drawn at random are fitted, all others predicted; ten draws.
 * - `last`: each run's last checkpoint is predicted from all earlier checkpoints of all runs.
 * - `after:F`: checkpoints beyond the fraction F of the largest volume are predicted from those up to it.
 * - `size:N`: the runs of models of N parameters are predicted from those of all smaller ones; larger ones are left out.
 * - `largest-size`: `size:N` of the largest.
 * - `protocol-1`: Ge et al. 2024, Table 1: each run alone, its last checkpoint from its earlier ones.
 * - `protocol-2`: Ge et al. 2024, Table 2: four mixtures are fitted, all others predicted (`draw:4`).
 *
 * @param seed of the shuffles; the same seed gives the same folds
 * @throws BimixError `invalid-split` for an unknown form or one that leaves nothing to fit or nothing to predict
 *
 * @example
 * ```js
 * import { splitRuns } from 'bimix';
 *
 * const { folds } = splitRuns(table, 'kfold:5', 0);
 * ```
 */
export function splitRuns(table: RunTable, text: string, seed: number): Split {
  const colon = text.indexOf(':');
  const kind = colon < 0 ? text : text.slice(0, colon);
  const argument = colon < 0 ? undefined : text.slice(colon + 1);
  if (argument !== undefined && ['last', 'largest-size', 'protocol-1', 'protocol-2'].includes(kind)) {
    throw invalidSplit(text, `${kind} takes no number`);
  }
  const split = readSplit(table, text, kind, argument, seed);
  if (split.folds.length === 0 || split.folds.some(fold => fold.train.length === 0 || fold.test.length === 0)) {
    throw new BimixError(
      'invalid-split',
      `invalid split "${text}": with ${table.runs.length} runs and ${table.rowRun.length} checkpoints it leaves nothing to fit or nothing to predict`,
      { hint: `Use another split: ${FORMS}.` },
    );
  }
  return split;
}

function readSplit(table: RunTable, text: string, kind: string, argument: string | undefined, seed: number): Split {
  const { length: runs } = table.runs;
  switch (kind) {
    case 'kfold': {
      const groups = wholeNumber(text, argument ?? '5', 2, runs);
      const position = shuffled(runs, seed);
      const folds = Array.from({ length: groups }, (_, group) =>
        foldOfRuns(table, run => position[run] % groups === group),
      );
      return { name: text, meaning: `whole runs in ${groups} folds (seed ${seed})`, holdsOutRuns: true, folds };
    }
    case 'every': {
      const step = wholeNumber(text, argument ?? '4', 2, runs);
      const position = new Int32Array(runs);
      runsByName(table).forEach((run, index) => {
        position[run] = index;
      });
      const folds = [foldOfRuns(table, run => position[run] % step === step - 1)];
      return { name: text, meaning: `one run in ${step}, by name`, holdsOutRuns: true, folds };
    }
    case 'draw':
      return drawSplit(table, text, wholeNumber(text, argument ?? '4', 1, runs - 1), seed);
    case 'protocol-2':
      return drawSplit(table, text, wholeNumber(text, '4', 1, runs - 1), seed);
    case 'last': {
      const folds = [foldOfRows(table, row => isLastOfRun(table, row))];
      return { name: text, meaning: "each run's last checkpoint", holdsOutRuns: false, folds };
    }
    case 'after': {
      const fraction = Number(argument);
      if (!(fraction > 0 && fraction < 1)) throw invalidSplit(text, 'the fraction must lie between 0 and 1');
      const limit = fraction * table.rowVolume.reduce((a, b) => Math.max(a, b), 0);
      const folds = [foldOfRows(table, row => table.rowVolume[row] > limit)];
      return {
        name: text,
        meaning: `checkpoints beyond ${fraction} of the largest volume`,
        holdsOutRuns: false,
        folds,
      };
    }
    case 'size':
      return sizeSplit(table, text, parseQuantity(argument ?? '', 'model size'));
    case 'largest-size':
      return sizeSplit(table, text, modelSizes(table).at(-1) ?? 0);
    case 'protocol-1': {
      const folds = lastOfEachRun(table);
      return {
        name: text,
        meaning: 'each run alone, its last checkpoint from its earlier ones',
        holdsOutRuns: false,
        folds,
      };
    }
    default:
      throw invalidSplit(text, 'no such split');
  }
}

function drawSplit(table: RunTable, text: string, fitted: number, seed: number): Split {
  const folds = Array.from({ length: DRAWS }, (_, draw) => drawFold(table, fitted, seed + draw));
  const meaning = `all runs but ${fitted} drawn at random, ${DRAWS} draws (seed ${seed})`;
  return { name: text, meaning, holdsOutRuns: true, folds };
}

/** `fitted` runs drawn at random and all others; with one seed, more runs are the fewer ones and others. */
export function drawFold(table: RunTable, fitted: number, seed: number): Fold {
  const position = shuffled(table.runs.length, seed);
  return foldOfRuns(table, run => position[run] >= fitted);
}

/** Whether a split is between model sizes, so that it needs a table of several. */
export function splitsBySize(text: string): boolean {
  return /^(size(:.*)?|largest-size)$/.test(text);
}

function sizeSplit(table: RunTable, text: string, size: number): Split {
  const sizes = modelSizes(table);
  const names = sizes.map(formatQuantity);
  const index = sizes.findIndex(known => sameSize(known, size));
  if (sizes.length < 2) {
    const found = sizes.length === 0 ? 'no known model size' : `runs of ${names[0]} parameters only`;
    throw invalidSplit(text, `the table has ${found}, and it takes two sizes`);
  }
  if (index < 1) {
    throw invalidSplit(text, `these runs allow ${names.slice(1).join(' or ')}, the sizes above the smallest`);
  }
  const train: number[] = [];
  const test: number[] = [];
  table.rowRun.forEach((run, row) => {
    const { size: known } = table.runs[run];
    if (known === undefined) return;
    if (sameSize(known, sizes[index])) test.push(row);
    else if (known < sizes[index]) train.push(row);
  });
  const folds = [{ train: Int32Array.from(train), test: Int32Array.from(test) }];
  const smaller = names.slice(0, index).join(', ');
  const meaning = `runs of ${names[index]} parameters, from those of ${smaller}`;
  return { name: text, meaning, holdsOutRuns: true, folds };
}

/** Runs in the order of their names compared as strings, sizes breaking ties. */
function runsByName(table: RunTable): number[] {
  const key = (run: number): string => table.runs[run].name;
  return table.runs
    .map((_, run) => run)
    .sort((a, b) =>
      key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : (table.runs[a].size ?? 0) - (table.runs[b].size ?? 0),
    );
}

/** A random permutation: position[i] is where item i went. Neighbouring seeds are unrelated, as draws need. */
function shuffled(count: number, seed: number): Int32Array {
  const random = mersenne(seed);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  const position = new Int32Array(count);
  order.forEach((item, place) => {
    position[item] = place;
  });
  return position;
}

function foldOfRuns(table: RunTable, heldOut: (run: number) => boolean): Fold {
  return foldOfRows(table, row => heldOut(table.rowRun[row]));
}

function foldOfRows(table: RunTable, heldOut: (row: number) => boolean): Fold {
  const train: number[] = [];
  const test: number[] = [];
  for (let row = 0; row < table.rowRun.length; row++) (heldOut(row) ? test : train).push(row);
  return { train: Int32Array.from(train), test: Int32Array.from(test) };
}

/** One fold for each run of several checkpoints: its last from its others. */
function lastOfEachRun(table: RunTable): Fold[] {
  const folds: Fold[] = [];
  let train: number[] = [];
  for (let row = 0; row < table.rowRun.length; row++) {
    if (!isLastOfRun(table, row)) {
      train.push(row);
      continue;
    }
    if (train.length > 0) folds.push({ train: Int32Array.from(train), test: Int32Array.of(row) });
    train = [];
  }
  return folds;
}

/** Whether a row is the last checkpoint of its run. */
export function isLastOfRun(table: RunTable, row: number): boolean {
  return row + 1 === table.rowRun.length || table.rowRun[row + 1] !== table.rowRun[row];
}

function wholeNumber(text: string, argument: string, least: number, most: number): number {
  const value = /^\d+$/.test(argument) ? Number(argument) : Number.NaN;
  if (value >= least && value <= most) return value;
  if (most < least) {
    throw invalidSplit(
      text,
      'there are too few runs for it',
      'Add runs: some must be left to fit when others are held out.',
    );
  }
  const allowed = least === most ? `${least} only` : `a whole number from ${least} to ${most}`;
  const example = `${text.split(':')[0]}:${Math.min(most, Math.max(least, 5))}`;
  throw invalidSplit(text, `these runs allow ${allowed}`, `For example --split ${example}.`);
}

function invalidSplit(text: string, reason: string, hint = `Use ${FORMS}.`): BimixError {
  return new BimixError('invalid-split', `invalid split "${text}": ${reason}`, { hint });
}
