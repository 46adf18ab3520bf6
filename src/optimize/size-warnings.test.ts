import { describe, expect, test } from 'vitest';
import { TRUE_TRANSFER_SIZE } from '../../test/simulated-sizes.ts';
import { TRUE_TRANSFER } from '../../test/true-laws.ts';
import { sizeWarnings } from './size-warnings.ts';
import { resolveVolume } from './training-volume.ts';

const at = (size: number) => sizeWarnings({ ...TRUE_TRANSFER_SIZE, size }).map(({ message }) => message);

describe('a law fitted at 100M to 800M parameters', () => {
  test.each([100e6, 500e6, 802e6])('says nothing at %d', size => {
    expect(at(size)).toEqual([]);
  });

  test('says up to twice the largest that losses are extrapolated', () => {
    expect(at(1.6e9)).toEqual([
      '1.6B parameters is 2 times the largest model of the fit (800M): losses are extrapolated and can be off by 1 % and more, all in one direction; the ranking of mixtures is safer',
    ]);
  });

  test('says beyond that only the ranking can be believed, and what to do', () => {
    expect(at(7e9)).toEqual([
      '7B parameters is 8.75 times the largest model of the fit (800M): believe the ranking of mixtures, not the losses. For losses, train one mixture at that size and fit it with --prior',
    ]);
  });

  test('says so below the smallest', () => {
    expect(at(50e6)[0]).toContain('below the smallest model of the fit (100M)');
  });

  test('says so wherever a volume is asked about', () => {
    const { warnings } = resolveVolume({ ...TRUE_TRANSFER_SIZE, size: 7e9 }, { unit: 'tokens', value: 20e9 });
    expect(warnings.map(({ code }) => code)).toEqual(['size-beyond-runs']);
  });
});

test('a law that knows no sizes says nothing', () => {
  expect(sizeWarnings({ ...TRUE_TRANSFER, size: 7e9 })).toEqual([]);
});
