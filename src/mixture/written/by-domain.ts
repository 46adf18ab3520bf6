/**
 * A weight by domain name: `web: 0.6`, at the top of a file or under a key that says what it is, as in bimix's own files,
 * DoReMi's and RegMix's configurations, Levanter's `train_weights` and Lingua's `sources`.
 */

import { isMapping, isWeight, type Key, type MixtureForm } from './written-mixture.ts';

/** Shares, which sum to 1. */
const SHARE_KEYS = ['mixture', 'proportions', 'shares', 'mix'];

/** Weights, which trainers divide by their sum. */
const WEIGHT_KEYS = [
  ...['train_domain_weights', 'domain_weights', 'train_weights', 'weights', 'sources', 'probabilities'],
  ...['train', 'ratios', 'mixture_weights', 'hf_dataset_or_datasets', 'sampling_weights'],
];

/** Prefix of RegMix's training files. */
const TRAIN = /^train_(?=.)/;

export const byDomain: MixtureForm = {
  name: 'domain: share, at the top or under mixture, weights, train_weights or train_domain_weights',
  read(value, keys) {
    const kind = kindOf(keys);
    if (kind === undefined || !isMapping(value)) return undefined;
    const named = Object.entries(value);
    const isScalar = ([, weight]: [string, unknown]) => typeof weight !== 'object' || weight === null;
    if (!named.every(isScalar) || !named.some(([, weight]) => isWeight(weight))) return undefined;
    const shares = named.map(([name, weight]) => ({
      names: TRAIN.test(name) ? [name, name.replace(TRAIN, '')] : [name],
      weight,
      keys: [...keys, name],
    }));
    return { shares, kind, arePaths: false };
  },
};

function kindOf(keys: readonly Key[]): 'shares' | 'weights' | undefined {
  const last = keys.at(-1);
  if (last === undefined) return 'shares';
  if (typeof last === 'number') return undefined;
  if (SHARE_KEYS.includes(last)) return 'shares';
  return WEIGHT_KEYS.includes(last) ? 'weights' : undefined;
}
