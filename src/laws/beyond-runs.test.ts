import { describe, expect, test } from 'vitest';
import { bimixFit } from '../../test/fitted-laws.ts';
import { beyondRuns } from './beyond-runs.ts';
import { designOfMixtures } from './intervals.ts';
import { predictLoss } from './predict.ts';

const FIT = bimixFit({ web: [2.5, 0.08, 0.3, 0.5], code: [1.0, 0.2, 0.3, 0.5] });
const MIXTURES = [
  [0.8, 0.2],
  [0.2, 0.8],
  [0.5, 0.5],
];
const LAW = { ...FIT, covered: { ...FIT.covered, mixtures: MIXTURES } };
const [WEB] = LAW.targets;
const { largest } = LAW.volume;

const at = (web: number, volume: number, law = LAW) =>
  beyondRuns(law, WEB, designOfMixtures(law, [Float64Array.of(web, 1 - web)], volume))[0];
const logLoss = (web: number, volume: number): number =>
  Math.log(predictLoss(LAW, WEB, Float64Array.of(web, 1 - web), volume));

describe('within the runs', () => {
  test.each([0.2, 0.5, 0.8])('nothing is added at a share of %d', web => {
    for (const part of [0.1, 1, 1.05]) expect(at(web, part * largest)).toEqual({ mixture: 0, common: [0, 0] });
  });
});

describe('at shares that no run had', () => {
  test('a part of what the law predicts from the nearest share that a run had, more the deeper', () => {
    const expected = 0.7 * (1 - Math.sqrt(0.05 / 0.2)) * (logLoss(0.05, largest) - logLoss(0.2, largest));
    expect(at(0.05, largest).mixture).toBeCloseTo(expected, 12);
    expect(at(0.01, largest).mixture).toBeGreaterThan(at(0.05, largest).mixture);
  });

  test('high shares count like low shares of all others', () => {
    const expected = 0.7 * (1 - Math.sqrt(0.05 / 0.2)) * (logLoss(0.8, largest) - logLoss(0.95, largest));
    expect(at(0.95, largest).mixture).toBeCloseTo(expected, 12);
  });
});

describe('at volumes beyond the runs', () => {
  test('a part of the straight continuation of the curve: twice the logarithm is twice the deviation', () => {
    const slope = (logLoss(0.5, largest) - logLoss(0.5, 1.05 * largest)) / Math.log(1.05);
    const [volume] = at(0.5, 10 * largest).common;
    expect(volume).toBeCloseTo(0.13 * slope * Math.log(10), 10);
    expect(at(0.5, 100 * largest).common[0]).toBeCloseTo(2 * volume, 10);
  });

  test('the part that the fit measured, where it did', () => {
    const measured = { ...LAW, extrapolation: { volume: 0.26 } };
    expect(at(0.5, 10 * largest, measured).common[0]).toBeCloseTo(2 * at(0.5, 10 * largest).common[0], 10);
  });
});
