import { describe, expect, test } from 'vitest';
import { endOfWarmUp, type TargetResiduals, volumesToKeep } from './warm-up.ts';

/** Residuals of `runs` runs that are all `means[v]` at volume v + 1. */
function residualsOf(means: readonly number[], runs = 5): TargetResiduals {
  const rows = means.flatMap((mean, v) => Array.from({ length: runs }, () => ({ volume: v + 1, mean })));
  return { volume: rows.map(({ volume }) => volume), residuals: rows.map(({ mean }) => mean) };
}

const QUIET = [0.001, -0.001, 0.001, -0.001, 0.001, -0.001, 0.001];

describe('the warm-up rule', () => {
  test('leaves the first volume out when its mean residual stands out', () => {
    expect(endOfWarmUp([residualsOf([-0.03, ...QUIET])], 6)).toBe(2);
  });

  test('leaves the first volume out when the second stands out: the fit may pass through the first', () => {
    expect(endOfWarmUp([residualsOf([0, 0.03, ...QUIET])], 6)).toBe(2);
  });

  test('does nothing about a later volume, nor about residuals below 0.7 %', () => {
    expect(endOfWarmUp([residualsOf([0, 0, 0.03, ...QUIET])], 6)).toBeUndefined();
    expect(endOfWarmUp([residualsOf([0.0069, ...QUIET])], 6)).toBeUndefined();
  });

  test('does nothing where all volumes are as far off', () => {
    expect(endOfWarmUp([residualsOf([0.03, 0.02, -0.02, 0.02, -0.02, 0.02, -0.02, 0.02])], 6)).toBeUndefined();
  });

  test('takes targets together, by root mean square', () => {
    const calm = residualsOf([0, ...QUIET]);
    const bent = residualsOf([0.009, ...QUIET]);
    expect(endOfWarmUp([bent], 6)).toBe(2);
    expect(endOfWarmUp([bent, bent, calm], 6)).toBe(2);
    // sqrt(0.009^2 / 2) is below 0.7 %.
    expect(endOfWarmUp([bent, calm], 6)).toBeUndefined();
  });

  test('keeps what must be kept', () => {
    expect(endOfWarmUp([residualsOf([-0.03, ...QUIET])], 8)).toBeUndefined();
    expect(volumesToKeep(residualsOf(QUIET).volume)).toBe(6);
    expect(volumesToKeep(residualsOf(new Array(20).fill(0)).volume)).toBe(12);
  });

  test('does not judge volumes of fewer than four runs', () => {
    expect(endOfWarmUp([residualsOf([-0.03, ...QUIET], 3)], 6)).toBeUndefined();
    const few = { volume: [0.5, 0.5, 0.5], residuals: [0.2, 0.2, 0.2] };
    const many = residualsOf([0, ...QUIET]);
    const both = {
      volume: [...few.volume, ...(many.volume as number[])],
      residuals: [...few.residuals, ...(many.residuals as number[])],
    };
    expect(endOfWarmUp([both], 6)).toBeUndefined();
    expect(volumesToKeep(both.volume)).toBe(6);
  });
});
