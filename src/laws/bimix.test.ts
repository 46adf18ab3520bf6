import { describe, expect, test } from 'vitest';
import { bimix } from './bimix.ts';
import type { TargetShape } from './law.ts';

const shape: TargetShape = {
  domains: ['web', 'code'],
  own: 1,
  volumeVaries: true,
  shareVaries: true,
  sizeVaries: false,
};
/** C = 2, alpha = 0.25, B = 0.5, beta = 0.5. */
const theta = Float64Array.of(Math.log(2), 0.25, Math.log(0.5), 0.5);

describe('BiMix', () => {
  test('is Eq. 3 of the paper with A = 1', () => {
    expect(bimix.parameters(shape).map(({ name }) => name)).toEqual(['C', 'alpha', 'B', 'beta']);
    // 0.0625^-0.25 (0.5 x 0.25^-0.5 + 2) = 2 (1 + 2)
    expect(bimix.atVolume(shape, theta, 0.25, 1).value(Float64Array.of(0.9375, 0.0625))).toBeCloseTo(6, 12);
  });

  test('gives its power in the own share to the exact optimizer', () => {
    expect(bimix.atVolume(shape, theta, 0.25, 1).power).toEqual({
      domain: 1,
      constant: 0,
      scale: expect.closeTo(3, 12),
      exponent: 0.25,
    });
  });

  test('counts a share below 0.001 as 0.001, flat there', () => {
    const loss = bimix.atVolume(shape, theta, 1, 1);
    const floor = loss.value(Float64Array.of(0.999, 0.001));
    expect(floor).toBeCloseTo(2.5 * 1e-3 ** -0.25, 12);
    for (const share of [0, 1e-9, 9e-4]) {
      const gradient = new Float64Array(2);
      expect(loss.addGradient(Float64Array.of(1 - share, share), 1, gradient)).toBe(floor);
      expect(Array.from(gradient)).toEqual([0, 0]);
    }
    expect(bimix.smallestShare).toBe(1e-3);
  });

  test('leaves out what the runs cannot tell: alpha where the share never varies, B and beta at one volume', () => {
    const names = (change: Partial<TargetShape>): string[] =>
      bimix.parameters({ ...shape, ...change }).map(({ name }) => name);
    expect(names({ shareVaries: false, sizeVaries: false })).toEqual(['C', 'B', 'beta']);
    expect(names({ volumeVaries: false })).toEqual(['C', 'alpha']);
    expect(names({ shareVaries: false, volumeVaries: false })).toEqual(['C']);
    const single = { ...shape, shareVaries: false, volumeVaries: false };
    expect(bimix.atVolume(single, Float64Array.of(Math.log(3)), 7, 1).value(Float64Array.of(0.2, 0.8))).toBeCloseTo(
      3,
      12,
    );
  });
});
