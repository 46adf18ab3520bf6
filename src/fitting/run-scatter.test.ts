import { expect, test } from 'vitest';
import { normals } from '../../test/normals.ts';
import { runScatter } from './run-scatter.ts';

/** Residuals of runs, `k` rows each. */
function rowsOf(runs: readonly (readonly number[])[]): { residuals: Float64Array; rowRun: Int32Array } {
  return {
    residuals: Float64Array.from(runs.flat()),
    rowRun: Int32Array.from(runs.flatMap((rows, run) => rows.map(() => run))),
  };
}

test('without replicates the run variance is that of run means less the part of their rows', () => {
  // e = np.array([[.02, .01], [-.03, -.01], [.01, .03], [-.02, 0.]]); k = 2; p = 1.5
  // w = ((e - e.mean(1, keepdims=True))**2).sum() / (8 - 4); np.sqrt((e.mean(1)**2).sum() / (4 - p) - w / k), np.sqrt(w)
  const { residuals, rowRun } = rowsOf([
    [0.02, 0.01],
    [-0.03, -0.01],
    [0.01, 0.03],
    [-0.02, 0],
  ]);
  const weights = new Float64Array(8).fill(1);
  const scatter = runScatter({ residuals, weights, rowRun, runMixture: [0, 1, 2, 3], runParameters: 1.5 });
  expect(scatter.runSd).toBeCloseTo(0.019202864369671523, 12);
  expect(scatter.withinSd).toBeCloseTo(0.012747548783981962, 12);
  expect(scatter.degrees).toBe(3);
  expect(scatter.seed).toBeUndefined();
});

test('replicates tell what seeds differ by from what the law misses', () => {
  const normal = normals(3);
  const [misfitSd, seedSd, withinSd] = [0.02, 0.01, 0.005];
  const runs: number[][] = [];
  const runMixture: number[] = [];
  for (let mixture = 0; mixture < 400; mixture++) {
    const misfit = misfitSd * normal();
    for (let replicate = 0; replicate < 3; replicate++) {
      const own = misfit + seedSd * normal();
      runs.push(Array.from({ length: 5 }, () => own + withinSd * normal()));
      runMixture.push(mixture);
    }
  }
  const { residuals, rowRun } = rowsOf(runs);
  const weights = new Float64Array(residuals.length).fill(1);
  const scatter = runScatter({ residuals, weights, rowRun, runMixture, runParameters: 0 });
  expect(Math.abs(scatter.runSd / Math.hypot(misfitSd, seedSd) - 1)).toBeLessThan(0.1);
  expect(Math.abs((scatter.seed?.sd ?? 0) / seedSd - 1)).toBeLessThan(0.06);
  expect(scatter.seed?.degrees).toBe(800);
  expect(Math.abs(scatter.withinSd / withinSd - 1)).toBeLessThan(0.05);
  expect(scatter.degrees).toBe(400);
});

test('one checkpoint a run leaves no part within runs, and no noise is taken for less than 0.1 %', () => {
  const residuals = Float64Array.of(1e-6, -1e-6, 2e-6);
  const weights = new Float64Array(3).fill(1);
  const rowRun = Int32Array.of(0, 1, 2);
  const scatter = runScatter({ residuals, weights, rowRun, runMixture: [0, 1, 2], runParameters: 0 });
  expect(scatter).toEqual({ runSd: 0.001, withinSd: 0, degrees: 3 });
});
