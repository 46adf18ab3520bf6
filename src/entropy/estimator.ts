/** One way to estimate the entropy of a source from a sample of it. An estimator is one file that exports one `Estimator`. */

import type { Spectrum } from './spectrum.ts';

export interface Estimator {
  /** As on the command line and in `entropy.json`. */
  readonly name: string;
  readonly title: string;
  /** In symbols: n tokens, c_x counts, K symbols seen, f_k symbols seen k times. */
  readonly formula: string;
  /** Paper and equation. */
  readonly source: string;
  /** When it misleads, as a sentence. */
  readonly misleads: string;
  /** Whether it corrects for what the sample has not shown. */
  readonly isCorrected: boolean;
  /** Entropy in nats of the source of a sample; the spectrum must not be empty. */
  estimate(spectrum: Spectrum): number;
}
