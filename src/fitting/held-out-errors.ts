/** Relative errors on rows held out, gathered fold by fold. */

import { type FittedLaw, predictCheckpoints } from '../laws/index.ts';
import { lossAt, type RunTable } from '../observations/index.ts';
import { targetData } from './target-data.ts';

export class HeldOutErrors {
  private readonly sums = new Map<number, { sum: number; count: number }>();

  /** @param targets of the law, in its order, as indices of evaluation domains of the table */
  addLaw(fitted: FittedLaw, table: RunTable, targets: readonly number[], rows: Int32Array): void {
    targets.forEach((target, i) => {
      const { design, tableRows } = targetData(table, target, rows, fitted.volume.scale, fitted.sizes?.at(-1));
      const predicted = predictCheckpoints(fitted, fitted.targets[i], design).map(Math.exp);
      this.add(table, target, Int32Array.from(tableRows), predicted);
    });
  }

  /** @param rows where the target was measured, one a prediction */
  add(table: RunTable, target: number, rows: Int32Array, predicted: Float64Array): void {
    const entry = this.sums.get(target) ?? { sum: 0, count: 0 };
    rows.forEach((row, n) => {
      entry.sum += Math.abs(predicted[n] / lossAt(table, row, target) - 1);
      entry.count++;
    });
    this.sums.set(target, entry);
  }

  /** Mean relative error, mean over targets; NaN without any row. */
  mean(): number {
    const means = [...this.sums.values()].filter(({ count }) => count > 0).map(({ sum, count }) => sum / count);
    return means.reduce((sum, mean) => sum + mean, 0) / means.length;
  }
}
