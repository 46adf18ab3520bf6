import { expect, test } from 'vitest';
import { bimixFit } from '../../test/fitted-laws.ts';
import { extrapolationFactor } from './extrapolation.ts';

const LAW = bimixFit({ web: [2.5, 0.08, 0.3, 0.5], code: [1.0, 0.2, 0.3, 0.5] });
const { largest } = LAW.volume;

test('is the volume over the largest of the runs', () => {
  expect(extrapolationFactor(LAW, 500 * largest)).toBe(500);
  expect(extrapolationFactor(LAW, 1.06 * largest)).toBeCloseTo(1.06, 12);
});

test('is 1 up to 1.05 times the largest volume, and within the runs', () => {
  for (const part of [0.01, 0.999, 1, 1.001, 1.02, 1.05]) expect(extrapolationFactor(LAW, part * largest)).toBe(1);
});

test('is 1 for a law fitted without volumes', () => {
  const single = { ...LAW, volume: { unit: 'none', scale: 1, smallest: 1, largest: 1 } } as const;
  expect(extrapolationFactor(single, 1e12)).toBe(1);
});
