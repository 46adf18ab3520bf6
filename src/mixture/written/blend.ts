/**
 * Weights and paths in turn: `0.6 /data/web 0.4 /data/code`, as Megatron-LM's `--data-path`, NeMo and Megatron-Bridge take
 * them, as text or as a list; also `web 0.6 code 0.4`, MaxText's `web,0.6;code,0.4` and Bridge's pair of lists.
 */

import { isPath, namesOfPath } from './path-names.ts';
import {
  isMapping,
  isWeight,
  type Key,
  type MixtureForm,
  type WrittenMixture,
  type WrittenShare,
} from './written-mixture.ts';

/** Where trainers keep such a list. Those of validation and test are not mixtures to train with. */
const KEYS = ['train', 'train_data_path', 'train-data-path', 'data_path', 'data-path', 'paths', 'blend'];

/** The option of Megatron-LM in a launch script, up to the next option. */
const DATA_PATH = /--(?:train-)?data-path[\s=]+((?:(?!--)\S+[\s\\]*)+)/;

export const blend: MixtureForm = {
  name: 'weights and paths in turn (Megatron-LM)',
  read(value, keys) {
    const items = keys.length === 0 ? itemsOf(value) : undefined;
    if (items !== undefined) return inTurn(items, keys);
    if (!isMapping(value)) return undefined;
    for (const key of KEYS) {
      const list = itemsOf(value[key]);
      const found = list === undefined ? pairOfLists(value[key], [...keys, key]) : inTurn(list, [...keys, key]);
      if (found !== undefined) return found;
    }
    return undefined;
  },
};

/** The list that `--data-path` or `--train-data-path` has in the text of a launch script; undefined where there is none. */
export function dataPathOfScript(text: string): string | undefined {
  return DATA_PATH.exec(text)?.[1];
}

/** Words of a text, or the items of a flat list. */
function itemsOf(value: unknown): unknown[] | undefined {
  if (typeof value === 'string') return value.split(/[\s;,\\"']+/).filter(word => word !== '');
  return Array.isArray(value) && value.every(item => !isMapping(item) && !Array.isArray(item)) ? value : undefined;
}

function inTurn(items: readonly unknown[], keys: readonly Key[]): WrittenMixture | undefined {
  if (items.length < 2 || items.length % 2 === 1) return undefined;
  const isWeightFirst = isTurn(items, 0);
  if (isWeightFirst === isTurn(items, 1)) return undefined;
  const shares = Array.from({ length: items.length / 2 }, (_, i): WrittenShare => {
    const [weight, name] = isWeightFirst ? [items[2 * i], items[2 * i + 1]] : [items[2 * i + 1], items[2 * i]];
    return { names: namesOfPath(String(name)), weight, keys: [...keys, 2 * i + (isWeightFirst ? 0 : 1)] };
  });
  const arePaths = items.some(item => typeof item === 'string' && isPath(item));
  return { shares, kind: 'weights', arePaths };
}

/** Whether every second item, from `first` on, is a number and no other is. */
function isTurn(items: readonly unknown[], first: 0 | 1): boolean {
  return items.every((item, i) => (i % 2 === first ? isWeight(item) : typeof item === 'string' && !isWeight(item)));
}

/** `[[paths], [weights]]`. */
function pairOfLists(value: unknown, keys: readonly Key[]): WrittenMixture | undefined {
  if (!Array.isArray(value) || value.length !== 2 || !value.every(Array.isArray)) return undefined;
  const [paths, weights] = value as [unknown[], unknown[]];
  if (paths.length !== weights.length || paths.length === 0 || !paths.every(path => typeof path === 'string'))
    return undefined;
  const shares = paths.map((path, i) => ({
    names: namesOfPath(path as string),
    weight: weights[i],
    keys: [...keys, 1, i],
  }));
  return { shares, kind: 'weights', arePaths: true };
}
