/** What predicts losses without a law: a law that does no better has learned nothing of mixtures. */

import { totalVariation } from '../mixture/index.ts';
import { mixtureOfRun, type RunTable } from '../observations/index.ts';
import { missingLosses } from './target-data.ts';

export interface NaiveBaseline {
  readonly name: 'mean' | 'nearest';
  /**
   * @param rows of the table, to learn from
   * @returns predicted losses, nats per token, of other rows of the table, where a target was measured
   */
  train(table: RunTable, rows: Int32Array): (target: number, testRows: Int32Array) => Float64Array;
}

/** Predicts every mixture by the mean log loss of the training runs at the same volume. */
const mean: NaiveBaseline = {
  name: 'mean',
  train: (table, rows) => (target, testRows) => {
    const curves = runCurves(table, rows, target);
    const means = new Map<number, number>();
    return Float64Array.from(testRows, row => {
      const volume = table.rowVolume[row];
      let mean = means.get(volume);
      if (mean === undefined) {
        const logVolume = Math.log(volume);
        mean = Math.exp(curves.reduce((sum, curve) => sum + at(curve, logVolume), 0) / curves.length);
        means.set(volume, mean);
      }
      return mean;
    });
  },
};

/** Predicts a mixture by the training run nearest to it in total variation, at the same volume. */
const nearest: NaiveBaseline = {
  name: 'nearest',
  train: (table, rows) => {
    const trained = [...new Set(Array.from(rows, row => table.rowRun[row]))];
    const nearest = new Map<number, number>();
    return (target, testRows) => {
      const curves = new Map(runCurves(table, rows, target).map(curve => [curve.run, curve]));
      return Float64Array.from(testRows, row => {
        const run = table.rowRun[row];
        let near = nearest.get(run);
        if (near === undefined) {
          near = nearestRun(table, run, trained);
          nearest.set(run, near);
        }
        const measured = curves.has(near) ? near : nearestRun(table, run, [...curves.keys()]);
        return Math.exp(at(curves.get(measured) as Curve, Math.log(table.rowVolume[row])));
      });
    };
  },
};

export const NAIVE_BASELINES: readonly [NaiveBaseline, NaiveBaseline] = [mean, nearest];

/** The one of `candidates` whose mixture is nearest; the first of equals. */
function nearestRun(table: RunTable, run: number, candidates: readonly number[]): number {
  const mixture = mixtureOfRun(table, run);
  let best = candidates[0];
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = totalVariation(mixture, mixtureOfRun(table, candidate));
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** The measured losses of one run: logarithms of volume (ascending) and loss. */
interface Curve {
  readonly run: number;
  readonly volumes: number[];
  readonly losses: number[];
}

/** @throws BimixError `missing-losses` when no training row has one */
function runCurves(table: RunTable, rows: Int32Array, target: number): Curve[] {
  const k = table.evaluationDomains.length;
  const curves: Curve[] = [];
  for (const row of rows) {
    const loss = table.losses[row * k + target];
    if (Number.isNaN(loss)) continue;
    const run = table.rowRun[row];
    if (curves.at(-1)?.run !== run) curves.push({ run, volumes: [], losses: [] });
    curves.at(-1)?.volumes.push(Math.log(table.rowVolume[row]));
    curves.at(-1)?.losses.push(Math.log(loss));
  }
  if (curves.length === 0) throw missingLosses(table, target);
  return curves;
}

/** Linear between checkpoints, constant beyond the first and the last. */
function at({ volumes, losses }: Curve, volume: number): number {
  let next = 0;
  while (next < volumes.length && volumes[next] < volume) next++;
  if (next === 0) return losses[0];
  if (next === volumes.length) return losses[next - 1];
  const part = (volume - volumes[next - 1]) / (volumes[next] - volumes[next - 1]);
  return losses[next - 1] + part * (losses[next] - losses[next - 1]);
}
