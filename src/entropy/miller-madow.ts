/**
 * The plug-in entropy plus the first term of its bias.
 *
 *   H = H_plug-in + (K - 1) / (2 n)
 *
 * K counts the symbols seen, so what was not seen stays uncorrected.
 */

import type { Estimator } from './estimator.ts';
import { sampleEntropy } from './plug-in.ts';
import { sampleSize, symbolsSeen } from './spectrum.ts';

export const millerMadow: Estimator = {
  name: 'miller-madow',
  title: 'Miller-Madow',
  formula: 'H = H_plug-in + (K - 1) / (2 n)',
  source: 'Miller 1955, "Note on the bias of information estimates"',
  misleads: 'Still too low when many symbols have not been seen: it corrects only for those that have.',
  isCorrected: true,
  estimate(spectrum) {
    return sampleEntropy(spectrum) + (symbolsSeen(spectrum) - 1) / (2 * sampleSize(spectrum));
  },
};
