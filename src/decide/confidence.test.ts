import { describe, expect, test } from 'vitest';
import { type ConfidenceFacts, confidenceOf } from './confidence.ts';

/** Nothing to doubt. */
const SOUND: ConfidenceFacts = {
  law: 'bimix-transfer',
  mre: 0.004,
  baseline: { name: 'nearest', mre: 0.026 },
  gain: { over: 'v1', change: -0.012, from: -0.02, to: -0.004, probability: 0.99 },
  noise: { difference: 0.004, source: 'replicates' },
  opinions: [],
  extrapolation: 1,
  isVolumeIgnored: false,
  outside: [],
  isFar: false,
  mixtures: 60,
  wanted: 14,
};

const levelOf = (change: Partial<ConfidenceFacts>): string => confidenceOf({ ...SOUND, ...change }).level;
const againstOf = (change: Partial<ConfidenceFacts>): readonly string[] =>
  confidenceOf({ ...SOUND, ...change }).against;

test('confidence is high where nothing speaks against it, and says what carries it', () => {
  expect(confidenceOf(SOUND)).toEqual({
    level: 'high',
    because: [
      'on held-out runs the law is off by 0.40 % ("nearest": 2.60 %)',
      'the gain over v1 has probability 0.99',
      'the mixture and the budget lie within the runs',
    ],
    against: [],
  });
});

test.each([
  ['a gain that is likely, not certain', { gain: { ...SOUND.gain, probability: 0.9 } }],
  ['an error close to that of the baseline', { mre: 0.023 }],
  ['twice the volume of the runs', { extrapolation: 2 }],
  ['a budget that the law cannot use', { isVolumeIgnored: true }],
  ['shares that no run had', { outside: ['code'] }],
  ['a mixture far from the runs', { isFar: true }],
  ['a few runs less than the law wants', { mixtures: 10 }],
])('%s makes it medium', (_, change) => {
  expect(levelOf(change)).toBe('medium');
});

test.each([
  ['twenty times the volume of the runs', { extrapolation: 20 }],
  ['less than half of the runs that the law wants', { mixtures: 6 }],
  ['three doubts', { extrapolation: 2, outside: ['code'], isFar: true }],
])('%s makes it low, though the runs carry the decision', (_, change) => {
  expect(levelOf(change)).toBe('low');
  expect(againstOf(change)).toEqual([]);
});

describe('no decision', () => {
  test('where a naive baseline predicts better', () => {
    expect(againstOf({ mre: 0.03 })).toEqual([
      'The naive baseline "nearest" predicts held-out runs better (2.60 % off) than bimix-transfer (3.00 %).',
    ]);
  });

  test('where nothing better is in sight', () => {
    expect(againstOf({ gain: { ...SOUND.gain, change: 0.001, probability: 0.4 } })).toEqual([
      'No allowed mixture is predicted to be better than v1.',
    ]);
  });

  test('where the gain is within the noise', () => {
    expect(againstOf({ gain: { ...SOUND.gain, probability: 0.7 } })).toEqual([
      'The gain over v1, 1.20 %, is within the noise: a run at this mixture ends below a run there with probability 0.70.',
    ]);
  });

  test('where replicates differ by more than the gain', () => {
    const noise = { difference: 0.02, source: 'replicates' } as const;
    expect(againstOf({ noise })).toEqual([
      'The gain over v1, 1.20 %, is below the noise of a run: two runs of one mixture differ by 2.00 %.',
    ]);
    expect(againstOf({ noise: { ...noise, source: 'scatter about the law' } })).toEqual([]);
  });

  test('where laws that predict about as well see a loss', () => {
    const opinion = { law: 'exponential', mre: 0.005, change: 0.006, distance: 0.2 };
    expect(againstOf({ opinions: [opinion] })).toEqual([
      'The laws disagree: the mixture is worse than v1 according to exponential (by 0.60 %).',
    ]);
    // One that errs by three times as much has no vote.
    expect(againstOf({ opinions: [{ ...opinion, mre: 0.013 }] })).toEqual([]);
    expect(levelOf({ opinions: [{ ...opinion, mre: 0.013 }] })).toBe('high');
    // One of three is a doubt.
    const agrees = { ...opinion, change: -0.01 };
    expect(againstOf({ opinions: [opinion, agrees, agrees] })).toEqual([]);
    expect(levelOf({ opinions: [opinion, agrees, agrees] })).toBe('medium');
  });
});
