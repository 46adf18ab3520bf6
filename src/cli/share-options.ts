/** The options that shape an optimum: constraints, weights, reference and pull. */

import { BimixError } from '../errors/index.ts';
import { readBounds, readDomainNumbers } from '../files/index.ts';
import type { FittedLaw } from '../laws/index.ts';
import type { OptimizeOptions } from '../optimize/index.ts';
import { readNamedMixture } from './mixture-argument.ts';

export const SHARE_HELP = {
  available: 'file of tokens available by training domain, "code: 12B"; with --max-epochs a limit, alone the epochs',
  maxEpochs: 'how often each available token may be drawn',
  bounds: 'file of smallest and largest share of tokens by training domain, "code: [0.05, 0.3]"',
  weights: 'file of the weight of each evaluation domain in the objective (default: equal)',
  reference: 'mixture to compare with: a file or the name of a preset',
  pull: 'pull towards the reference: nats per token that one nat of KL(mixture || reference) costs',
};

export interface ShareOptionTexts {
  readonly available?: string | undefined;
  readonly maxEpochs?: string | undefined;
  readonly bounds?: string | undefined;
  readonly weights?: string | undefined;
  readonly reference?: string | undefined;
  readonly pull?: string | undefined;
}

export async function shareOptions(
  { available, maxEpochs, bounds, weights, reference, pull }: ShareOptionTexts,
  { trainingDomains }: FittedLaw,
): Promise<Omit<OptimizeOptions, 'volume'>> {
  if (maxEpochs !== undefined && available === undefined) {
    throw new BimixError('missing-tokens-available', 'missing tokens available: a limit on epochs needs them', {
      hint: 'Pass --available tokens.yaml with lines such as "code: 12B".',
    });
  }
  const named = reference === undefined ? undefined : await readNamedMixture(reference, trainingDomains);
  return {
    ...(available === undefined ? {} : { tokensAvailable: await readDomainNumbers(available, 'tokens available') }),
    ...(maxEpochs === undefined ? {} : { maxEpochs: number('--max-epochs', maxEpochs) }),
    ...(bounds === undefined ? {} : { bounds: await readBounds(bounds) }),
    ...(weights === undefined ? {} : { weights: await readDomainNumbers(weights, 'weight') }),
    ...(named === undefined
      ? {}
      : { reference: { name: named.name, mixture: { domains: trainingDomains, proportions: named.shares } } }),
    ...(pull === undefined ? {} : { pull: number('--pull', pull) }),
  };
}

function number(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new BimixError('invalid-number', `invalid ${option} ${text}: expected a number`);
}
