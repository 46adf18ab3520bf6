import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simulateCounts, uniformSource } from '../../test/simulated-sources.ts';
import { divergenceMatrix } from './divergence.ts';

const counts = fc
  .array(fc.integer({ min: 0, max: 1000 }), { minLength: 5, maxLength: 5 })
  .filter(list => list.some(count => count > 0))
  .map(list => Float64Array.from(list));

function between(p: Float64Array, q: Float64Array): number {
  return divergenceMatrix({ p, q }).nats[0][1];
}

describe('the Jensen-Shannon divergence', () => {
  test('agrees with scipy', () => {
    // scipy.spatial.distance.jensenshannon(p, q)**2
    const cases: [number[], number[], number][] = [
      [[1, 2, 3, 4], [4, 3, 2, 1], 0.10644013528622318],
      [[5, 0, 0, 1], [0, 3, 2, 0], 0.6931471805599452],
      [[10, 0, 5], [10, 0, 5], 0],
      [
        Array.from({ length: 50 }, (_, i) => i % 7),
        Array.from({ length: 50 }, (_, i) => i ** 2 % 11),
        0.15019698149448776,
      ],
    ];
    for (const [p, q, expected] of cases) {
      expect(Math.abs(between(Float64Array.from(p), Float64Array.from(q)) - expected)).toBeLessThan(1e-14);
    }
  });

  test('is symmetric, 0 to ln 2, and 0 of a domain from itself', () => {
    fc.assert(
      fc.property(counts, counts, (p, q) => {
        const { nats, normalized } = divergenceMatrix({ p, q });
        expect(nats[0][1]).toBe(nats[1][0]);
        expect([nats[0][0], nats[1][1]]).toEqual([0, 0]);
        expect(nats[0][1]).toBeGreaterThanOrEqual(0);
        expect(nats[0][1]).toBeLessThanOrEqual(Math.LN2);
        expect(normalized[0][1]).toBeCloseTo(nats[0][1] / Math.LN2, 14);
        expect(normalized[0][1]).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('does not mind the size of a sample, and its root is a metric', () => {
    fc.assert(
      fc.property(counts, counts, counts, (p, q, r) => {
        expect(
          between(
            p.map(count => 3 * count),
            q,
          ),
        ).toBeCloseTo(between(p, q), 12);
        const [pq, qr, pr] = [between(p, q), between(q, r), between(p, r)].map(Math.sqrt);
        expect(pr).toBeLessThanOrEqual(pq + qr + 1e-9);
      }),
    );
  });

  test('of two samples of one source is about (K - 1) (1/n + 1/m) / 8', () => {
    let sum = 0;
    for (let seed = 0; seed < 40; seed++) {
      const [a, b] = [40, 120].map((documents, k) => simulateCounts(uniformSource(30), documents, 50, 1, 2 * seed + k));
      sum += between(a.tokenCounts, b.tokenCounts);
    }
    expect(sum / 40 / ((29 * (1 / 2000 + 1 / 6000)) / 8)).toBeCloseTo(1, 0.9);
  });

  test('needs tokens, and one vocabulary', () => {
    const p = Float64Array.of(1, 2);
    expect(() => divergenceMatrix({ web: p, empty: new Float64Array(2) })).toThrowError(
      expect.objectContaining({ code: 'missing-tokens', message: expect.stringContaining('"empty"') }),
    );
    expect(() => divergenceMatrix({ web: p, code: Float64Array.of(1, 2, 3) })).toThrowError(
      'invalid vocabulary: "code" has 3 token ids, "web" has 2',
    );
    expect(divergenceMatrix({})).toEqual({ domains: [], nats: [], normalized: [] });
  });
});
