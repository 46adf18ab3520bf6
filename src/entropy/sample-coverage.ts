/** What part of the source a sample has shown. */

import { type Spectrum, sampleSize } from './spectrum.ts';

/** f_k: how many symbols were seen `count` times. */
export function symbolsSeenTimes({ counts, multiplicities }: Spectrum, count: number): number {
  const index = counts.subarray(0, count).indexOf(count);
  return index < 0 ? 0 : multiplicities[index];
}

/**
 * Good and Turing's estimate 1 - f_1 / n of the probability that the next token is one already seen (Good 1953). It takes
 * tokens for independent: within documents words repeat, so text of new documents holds more that is new.
 */
export function sampleCoverage(spectrum: Spectrum): number {
  return 1 - symbolsSeenTimes(spectrum, 1) / sampleSize(spectrum);
}
