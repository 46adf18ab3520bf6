/**
 * One entry a domain, each with its weight: OLMo-core's `sources`, MosaicML's `streams`, Energon's `blend`, Data-Juicer,
 * Nemotron's `datasets`, fairseq2, MaxText, TRL.
 */

import { isPath, namesOfPath } from './path-names.ts';
import { isMapping, type Key, type Mapping, type MixtureForm, type WrittenShare } from './written-mixture.ts';

/** Where trainers keep the entries. A list or mapping at the top of a file counts as well. */
const KEYS = [
  'sources',
  'source_list',
  'source_specs',
  'streams',
  'datasets',
  'blend',
  'configs',
  'domains',
  'train',
  'mixture',
  'components',
];

const WEIGHTS = [
  'weight',
  'proportion',
  'target_ratio',
  'ratio',
  'share',
  'probability',
  'fraction',
  'sampling_weight',
  'sample_ratio',
];

const NAMES = [
  'name',
  'source_name',
  'label',
  'domain',
  'dataset',
  'id',
  'source',
  'path',
  'local',
  'remote',
  'dataset_path',
];

export const entries: MixtureForm = {
  name: 'an entry with a name and a weight for each domain (OLMo-core, MosaicML, Energon, Data-Juicer, Nemotron)',
  read(value, keys) {
    const last = keys.at(-1);
    if (keys.length > 0 && !(typeof last === 'string' && KEYS.includes(last))) return undefined;
    const shares = Array.isArray(value)
      ? value.map((entry, i) => (isMapping(entry) ? shareOf(entry, undefined, [...keys, i]) : undefined))
      : isMapping(value)
        ? Object.entries(value).map(([name, entry]) =>
            isMapping(entry) ? shareOf(entry, name, [...keys, name]) : undefined,
          )
        : [];
    if (shares.length === 0 || shares.some(share => share === undefined)) return undefined;
    const known = shares as (WrittenShare & { isPath: boolean })[];
    return { shares: known, kind: 'weights', arePaths: known.some(share => share.isPath) };
  },
};

/** @param key the entry's own, where entries are a mapping */
function shareOf(
  entry: Mapping,
  key: string | undefined,
  keys: readonly Key[],
): (WrittenShare & { isPath: boolean }) | undefined {
  const weightKey = WEIGHTS.find(name => Object.hasOwn(entry, name));
  const nameKey = NAMES.find(name => typeof entry[name] === 'string');
  const name = key ?? (nameKey === undefined ? undefined : (entry[nameKey] as string));
  if (weightKey === undefined || name === undefined) return undefined;
  return { names: namesOfPath(name), weight: entry[weightKey], keys: [...keys, weightKey], isPath: isPath(name) };
}
