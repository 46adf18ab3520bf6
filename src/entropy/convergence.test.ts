import { describe, expect, test } from 'vitest';
import { countDocuments, simulateCounts, zipfSource } from '../../test/simulated-sources.ts';
import { convergenceCurve, plugInAtSize } from './convergence.ts';
import { ESTIMATORS } from './estimators.ts';
import { tokenEntropies } from './ngram-entropies.ts';
import { plugIn } from './plug-in.ts';

const counts = simulateCounts(zipfSource(300), 160, 50, 8, 3);
const curve = convergenceCurve(counts, ESTIMATORS);

describe('the convergence curve', () => {
  test('goes from the first documents to all of them, for every estimator', () => {
    expect(curve.points.map(point => point.tokens)).toEqual([1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000]);
    expect(curve.points.at(-1)?.documents).toBe(160);
    for (const estimator of ESTIMATORS) {
      expect(curve.points.at(-1)?.entropies[estimator.name]).toEqual(tokenEntropies(counts.all, estimator));
    }
  });

  test('goes on below the first documents by drawing tokens from them', () => {
    expect(curve.rarefied.map(point => point.tokens)).toEqual([125, 250, 500]);
    const values = [
      ...curve.rarefied.map(point => point.plugIn.joint),
      ...curve.points.map(p => p.entropies['plug-in'].joint),
    ];
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  test('gives the entropy at a size between its points, linear in the logarithm of tokens', () => {
    const [second, third] = [curve.points[1], curve.points[2]].map(point => point.entropies['plug-in'].conditional);
    expect(plugInAtSize(curve, 'conditional', 2000)).toEqual({ entropy: second, isRarefied: false });
    const middle = plugInAtSize(curve, 'conditional', Math.sqrt(2000 * 3000));
    expect(middle?.entropy).toBeCloseTo((second + third) / 2, 12);
    expect(plugInAtSize(curve, 'conditional', 700)?.isRarefied).toBe(true);
    expect(plugInAtSize(curve, 'conditional', 1000)?.isRarefied).toBe(false);
  });

  test('reaches no further than it was counted', () => {
    expect(plugInAtSize(curve, 'shannon', 8001)).toBeNull();
    expect(plugInAtSize(curve, 'shannon', 20)).toBeNull();
  });

  test('of a domain counted in one go is one point and what it can be thinned to', () => {
    const whole = countDocuments([Array.from({ length: 300 }, (_, i) => (i * i) % 17)], 17, 1);
    const short = convergenceCurve({ ...whole, growing: [] }, [plugIn]);
    expect(short.points).toHaveLength(1);
    expect(short.rarefied.map(point => point.tokens)).toEqual([75, 150]);
  });

  test('leaves out running sets without a pair of tokens', () => {
    const sparse = countDocuments([[1], [2], [1, 2, 1, 2], [2, 2, 1]], 3, 4);
    expect(convergenceCurve(sparse, [plugIn]).points.map(point => point.tokens)).toEqual([6, 9]);
  });
});
