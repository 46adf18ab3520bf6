import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { addEmbeddings, type EmbeddingGram, emptyGram, mergeGrams } from './embedding-gram.ts';
import { measureVonNeumann, vonNeumannEntropy } from './von-neumann.ts';

function gramOf(rows: Float64Array | Float32Array, dimension: number): EmbeddingGram {
  const gram = emptyGram(dimension);
  addEmbeddings(gram, rows);
  return gram;
}

function waves(length: number, wave: (i: number) => number): Float64Array {
  return Float64Array.from({ length }, (_, i) => Math.sin(1 + wave(i)));
}

/** From the N x N cosine kernel itself. */
function byKernel(rows: Float64Array, dimension: number): number {
  const x = Matrix.from1DArray(rows.length / dimension, dimension, rows);
  const units = x.divColumnVector(x.to2DArray().map(row => Math.hypot(...row)));
  const kernel = units.mmul(units.transpose()).div(x.rows);
  const { realEigenvalues } = new EigenvalueDecomposition(kernel, { assumeSymmetric: true });
  return realEigenvalues.reduce((sum, value) => (value > 1e-15 ? sum - value * Math.log(value) : sum), 0);
}

/** Rows of independent normal numbers, whose directions are uniform. */
function normalRows(rows: number, dimension: number, seed: number): Float64Array {
  const random = xoroshiro128plus(seed);
  const uniform = (): number => uniformFloat64(random);
  return Float64Array.from(
    { length: rows * dimension },
    () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

describe('the von Neumann entropy', () => {
  test('agrees with numpy, with more rows than numbers a row and with fewer', () => {
    // X = np.sin(1 + wave(np.arange(n * d))).reshape(n, d); X /= np.linalg.norm(X, axis=1, keepdims=True)
    // w = np.linalg.eigvalsh(X @ X.T / n); w = w[w > 1e-15]; -(w * np.log(w)).sum()
    const cases: [rows: Float64Array, dimension: number, entropy: number][] = [
      [waves(60, i => 7 * i), 5, 0.6665673246529528],
      [waves(60, i => 7 * i), 12, 0.6584801544482983],
      [waves(6400, i => i * Math.sqrt(i)), 64, 3.8503471337280244],
      [waves(1200, i => i * Math.sqrt(i)), 60, 2.8624708833916843],
    ];
    for (const [rows, dimension, entropy] of cases) {
      expect(Math.abs(vonNeumannEntropy(gramOf(rows, dimension)) / entropy - 1)).toBeLessThan(1e-9);
    }
  });

  test('is that of the kernel, on both sides of N = d', () => {
    for (const [rows, dimension] of [
      [6, 20],
      [20, 20],
      [50, 20],
    ]) {
      const x = normalRows(rows, dimension, rows);
      expect(Math.abs(vonNeumannEntropy(gramOf(x, dimension)) - byKernel(x, dimension))).toBeLessThan(1e-12);
    }
  });

  test('is ln N of N documents without likeness and 0 of one document repeated', () => {
    const apart = Float64Array.from({ length: 49 }, (_, k) => (k % 8 === 0 ? 3 : 0));
    expect(vonNeumannEntropy(gramOf(apart, 7))).toBeCloseTo(Math.log(7), 14);
    expect(vonNeumannEntropy(gramOf(new Float64Array(36).fill(2), 4))).toBeLessThan(1e-14);
    expect(vonNeumannEntropy(gramOf(Float64Array.of(1, 2, -1, -2), 2))).toBeLessThan(1e-14);
  });

  test('does not mind the length of a row, its order, or a turn of the space', () => {
    const x = normalRows(30, 4, 2);
    const entropy = vonNeumannEntropy(gramOf(x, 4));
    expect(
      vonNeumannEntropy(
        gramOf(
          x.map((value, k) => value * 10 ** (Math.floor(k / 4) - 15)),
          4,
        ),
      ),
    ).toBeCloseTo(entropy, 12);
    expect(vonNeumannEntropy(gramOf(x.slice().reverse(), 4))).toBeCloseTo(entropy, 12);
    expect(vonNeumannEntropy(gramOf(new Float32Array(x), 4))).toBeCloseTo(entropy, 6);
  });

  test('is one number however the rows are dealt to batches and parts', () => {
    const x = normalRows(40, 6, 3);
    const whole = vonNeumannEntropy(gramOf(x, 6));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), (a, b) => {
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        const batches = emptyGram(6);
        addEmbeddings(batches, x.subarray(0, first * 6));
        addEmbeddings(batches, x.subarray(first * 6, second * 6));
        const merged = mergeGrams(batches, gramOf(x.subarray(second * 6), 6));
        expect(merged.rows).toBe(40);
        expect(vonNeumannEntropy(merged)).toBeCloseTo(whole, 12);
      }),
    );
  });

  test('is inside its interval for directions without preference, where it is ln d', () => {
    let inside = 0;
    for (let seed = 0; seed < 100; seed++) {
      const groups = Array.from({ length: 10 }, (_, g) => gramOf(normalRows(16, 8, 10 * seed + g), 8));
      const { interval } = measureVonNeumann(groups);
      if (interval !== null && interval.lower <= Math.log(8) && Math.log(8) <= interval.upper) inside++;
    }
    expect(inside).toBeGreaterThanOrEqual(90);
  });

  test('has no interval when there is one group', () => {
    const { estimate, interval } = measureVonNeumann([gramOf(normalRows(5, 3, 1), 3), emptyGram(3)]);
    expect(estimate).toBeGreaterThan(0);
    expect(interval).toBeNull();
  });
});

describe('embeddings', () => {
  test('of a row of zeros are refused with its number, and nothing is added', () => {
    const gram = gramOf(normalRows(4, 3, 1), 3);
    const before = gram.sums.slice();
    expect(() => addEmbeddings(gram, Float64Array.of(1, 2, 3, 0, 0, 0))).toThrowError(
      'invalid embeddings: row 5 (from 0) is all zeros and has no direction',
    );
    expect(gram.rows).toBe(4);
    expect(gram.sums).toEqual(before);
  });

  test('that are not numbers are refused with their place', () => {
    expect(() => gramOf(Float32Array.of(1, 2, Number.NaN, 4), 2)).toThrowError(
      'invalid embeddings: row 1 (from 0) has NaN at 0, expected a number',
    );
    expect(() => gramOf(Float64Array.of(1, Number.NEGATIVE_INFINITY), 2)).toThrowError(/row 0 .* has -Infinity at 1/);
  });

  test('of another dimension are refused', () => {
    expect(() => gramOf(new Float64Array(7).fill(1), 3)).toThrowError(
      'invalid embeddings: 7 numbers are not a whole number of rows of 3',
    );
    expect(() => mergeGrams(emptyGram(3), emptyGram(4))).toThrowError(/dimensions 3 and 4/);
  });

  test('are needed', () => {
    expect(() => vonNeumannEntropy(emptyGram(3))).toThrowError(expect.objectContaining({ code: 'missing-embeddings' }));
    expect(() => measureVonNeumann([])).toThrowError(expect.objectContaining({ code: 'missing-embeddings' }));
  });

  test('may be as large or as small as numbers go', () => {
    expect(vonNeumannEntropy(gramOf(Float64Array.of(1e200, 0, 0, 1e-200), 2))).toBeCloseTo(Math.LN2, 14);
  });
});
