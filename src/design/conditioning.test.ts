import { describe, expect, test } from 'vitest';
import { afterObservation, dot } from './conditioning.ts';

const rows = [
  [1, 0.5, -0.2],
  [0.3, -1, 0.4],
  [0, 0, 0.7],
].map(row => Float64Array.from(row));

describe('a belief after an observation', () => {
  test('has the covariance of Gaussian conditioning', () => {
    // import numpy as np
    // D = np.array([[1, .5, -.2], [.3, -1, .4], [0, 0, .7]]); C = D @ D.T; c = C[:, 0]
    // C - np.outer(c, c) / (C[0, 0] + 0.1)
    const expected = [
      [0.0928057553956835, -0.0201438848920863, -0.010071942446043175],
      [-0.0201438848920863, 1.19359712230215, 0.2517985611510791],
      [-0.010071942446043175, 0.2517985611510791, 0.475899280575539],
    ];
    const after = afterObservation(rows, rows[0], 0.1);
    expected.forEach((line, i) => {
      line.forEach((value, j) => {
        expect(dot(after[i], after[j])).toBeCloseTo(value, 12);
      });
    });
  });

  test('does not change where the observation says nothing', () => {
    expect(afterObservation(rows, new Float64Array(3), 0.1)).toEqual(rows);
  });
});
