/** The held-out rows of one target with their predictions, packed: 20 bytes per row, where an object takes 150. */

import type { RowIntervals } from '../laws/index.ts';
import { isLastOfRun, lossAt, type RunTable } from '../observations/index.ts';

/** One held-out row. */
export interface HeldOutPoint {
  readonly run: string;
  /** In the table's volume unit. */
  readonly volume: number;
  readonly observed: number;
  readonly predicted: number;
  /** Whether it is the last checkpoint of its run. */
  readonly last: boolean;
  /** Ends of the interval, where intervals were asked for and the law has them. */
  readonly lower?: number;
  readonly upper?: number;
}

/** Iterates over its points in the order of the folds; `JSON.stringify` writes them as a list. */
export class HeldOutPoints implements Iterable<HeldOutPoint> {
  readonly #table: RunTable;
  readonly #target: number;
  /** n: rows of the table. */
  readonly rows: Int32Array;
  /** n: nats per token. */
  readonly predicted: Float64Array;
  /** n: measured losses, nats per token. */
  readonly observed: Float64Array;
  readonly #bounds: RowIntervals | undefined;

  /** @param target index of the evaluation domain, measured at all rows */
  constructor(table: RunTable, target: number, rows: Int32Array, predicted: Float64Array, bounds?: RowIntervals) {
    this.#table = table;
    this.#target = target;
    this.rows = rows;
    this.predicted = predicted;
    this.observed = Float64Array.from(rows, row => lossAt(table, row, target));
    this.#bounds = bounds;
  }

  get length(): number {
    return this.rows.length;
  }

  at(n: number): HeldOutPoint {
    const row = this.rows[n];
    return {
      run: this.#table.runs[this.#table.rowRun[row]].name,
      volume: this.#table.rowVolume[row],
      observed: this.observed[n],
      predicted: this.predicted[n],
      last: isLastOfRun(this.#table, row),
      ...(this.#bounds === undefined ? {} : { lower: this.#bounds.lower[n], upper: this.#bounds.upper[n] }),
    };
  }

  *[Symbol.iterator](): Generator<HeldOutPoint> {
    for (let n = 0; n < this.length; n++) yield this.at(n);
  }

  /** The same points with their intervals. @param bounds n */
  within(bounds: RowIntervals): HeldOutPoints {
    return new HeldOutPoints(this.#table, this.#target, this.rows, this.predicted, bounds);
  }

  toJSON(): HeldOutPoint[] {
    return [...this];
  }
}
