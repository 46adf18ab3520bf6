/**
 * Names in one list and weights in another: nanotron's `dataset_folder` and `dataset_weights`, Hugging Face's
 * `probabilities`, GPT-NeoX's `train-data-weights`, LlamaFactory's `interleave_probs`, Fast-LLM's `weights`.
 */

import { isPath, namesOfPath } from './path-names.ts';
import { isMapping, type MixtureForm } from './written-mixture.ts';

const WEIGHTS = [
  'dataset_weights',
  'probabilities',
  'train-data-weights',
  'train_data_weights',
  'interleave_probs',
  'weights',
  'mixture_weights',
];

const NAMES = [
  'dataset_folder',
  'dataset_folders',
  'train-data-paths',
  'train_data_paths',
  'datasets',
  'dataset',
  'names',
  'domains',
  'paths',
  'sources',
];

/** What an entry of a list is called by, when the entry is a mapping. */
const NAME_KEYS = ['name', 'label', 'path'];

export const parallelLists: MixtureForm = {
  name: 'a list of names beside a list of weights (Hugging Face, nanotron, GPT-NeoX, LlamaFactory)',
  read(value, keys) {
    if (!isMapping(value)) return undefined;
    for (const weightKey of WEIGHTS) {
      const weights = listOf(value[weightKey]);
      if (weights === undefined) continue;
      for (const nameKey of NAMES) {
        const names = listOf(value[nameKey])?.map(nameOf);
        if (names === undefined || names.length !== weights.length || names.some(name => name === undefined)) continue;
        const paths = names as string[];
        return {
          shares: paths.map((name, i) => ({
            names: namesOfPath(name),
            weight: weights[i],
            keys: [...keys, weightKey, i],
          })),
          kind: 'weights',
          arePaths: paths.some(isPath),
        };
      }
    }
    return undefined;
  },
};

/** A list, or text with commas between its items. */
function listOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  return typeof value === 'string' && value.includes(',') ? value.split(',').map(item => item.trim()) : undefined;
}

function nameOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (!isMapping(entry)) return undefined;
  const found = NAME_KEYS.map(key => entry[key]).find(name => typeof name === 'string');
  return typeof found === 'string' ? found : undefined;
}
