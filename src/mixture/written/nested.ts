/** olmix's launch mixtures: sources with a `weight`, and topics inside them whose weights are parts of their source's. */

import {
  isMapping,
  isWeight,
  type Key,
  type Mapping,
  type MixtureForm,
  type WrittenShare,
  weightOf,
} from './written-mixture.ts';

export const nested: MixtureForm = {
  name: 'sources with topics inside, each with its weight (olmix)',
  read(value, keys) {
    if (keys.length > 0 && keys.at(-1) !== 'mix') return undefined;
    if (!isMapping(value) || !Object.values(value).every(isSource)) return undefined;
    const sources = Object.entries(value) as [string, Mapping][];
    if (!sources.some(([, source]) => topicsOf(source).length > 0)) return undefined;
    const shares = sources.flatMap(([name, source]) => leaves(name, source, 1, [...keys, name]));
    return { shares, kind: 'weights', arePaths: false };
  },
};

function isSource(value: unknown): boolean {
  return isMapping(value) && isWeight(value.weight);
}

function topicsOf(source: Mapping): [string, Mapping][] {
  return Object.entries(source).filter(
    (entry): entry is [string, Mapping] => isMapping(entry[1]) && isSource(entry[1]),
  );
}

/** A source without topics, or its topics, each with its part of the source's weight over the sum of the topics'. */
function leaves(name: string, source: Mapping, whole: number, keys: readonly Key[]): WrittenShare[] {
  const weight = whole * weightOf(source.weight);
  const topics = topicsOf(source);
  if (topics.length === 0) return [{ names: [name], weight, keys: [...keys, 'weight'] }];
  const sum = topics.reduce((total, [, topic]) => total + weightOf(topic.weight), 0);
  return topics.flatMap(([topic, value]) => leaves(`${name}/${topic}`, value, weight / sum, [...keys, topic]));
}
