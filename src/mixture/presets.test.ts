import { describe, expect, test } from 'vitest';
import { mixtureToRecord } from './mixture.ts';
import { findPreset, listPresets } from './presets.ts';

describe('presets', () => {
  test('are six mixtures of each of two data sets', () => {
    expect(listPresets().map(preset => preset.name)).toEqual([
      ...['pile/baseline', 'pile/doremi', 'pile/se', 'pile/ce', 'pile/je', 'pile/vne'],
      ...['slimpajama/baseline', 'slimpajama/doremi', 'slimpajama/se', 'slimpajama/ce', 'slimpajama/je'],
      'slimpajama/vne',
    ]);
  });

  test('sum to 1 and stay within rounding of the printed shares', () => {
    for (const { mixture } of listPresets()) {
      expect(mixture.proportions.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 14);
    }
    // Ge et al. 2024, Table 5: conditional entropy gives CommonCrawl 0.2175; Table 4: DoReMi gives Pile-CC 0.1379.
    expect(mixtureToRecord(findPreset('slimpajama/ce').mixture).CommonCrawl).toBeCloseTo(0.2175, 4);
    expect(mixtureToRecord(findPreset('pile/doremi').mixture)['Pile-CC']).toBeCloseTo(0.1379, 4);
    expect(findPreset('pile/baseline').mixture.domains).toHaveLength(22);
  });

  test('hold the joint entropy mixture as the normalized product of the Shannon and conditional ones', () => {
    // JE = SE + CE and shares are exp(entropy), so r_je is proportional to r_se r_ce up to the four printed decimals.
    for (const key of ['pile', 'slimpajama']) {
      const [se, ce, je] = ['se', 'ce', 'je'].map(method => findPreset(`${key}/${method}`).mixture.proportions);
      const product = se.map((share, j) => share * ce[j]);
      const sum = product.reduce((a, b) => a + b, 0);
      product.forEach((value, j) => {
        expect(Math.abs(value / sum - je[j])).toBeLessThan(2e-4);
      });
    }
  });

  test('name the nearest one when misspelt', () => {
    expect(findPreset('Pile/DoReMi').name).toBe('pile/doremi');
    expect(() => findPreset('pile/doremy')).toThrowError(/unknown preset "pile\/doremy"/);
    expect(() => findPreset('pile/doremy')).toThrowError(
      expect.objectContaining({ hint: 'Did you mean "pile/doremi"?' }),
    );
  });
});
