/** All forms in which mixtures are written, and the search for one in a parsed file. */

import { BimixError, type Place } from '../../errors/index.ts';
import { blend } from './blend.ts';
import { byDomain } from './by-domain.ts';
import { entries } from './entries.ts';
import { nested } from './nested.ts';
import { parallelLists } from './parallel-lists.ts';
import { isMapping, type Key, type MixtureForm, type WrittenMixture } from './written-mixture.ts';

/** The first that fits a value counts: the most telling come first. */
const MIXTURE_FORMS: readonly MixtureForm[] = [nested, parallelLists, blend, entries, byDomain];

/** How deep trainers' configurations hide the mixture. */
const MAX_DEPTH = 8;

/** Parts of a configuration that speak of evaluation, of bimix's own provenance, or of other things by domain. */
const PASSED_OVER =
  /^(?:valid|validation|val|eval|evaluation|test|about|tokens|epochs|available)|_(?:valid|validation|eval|test)$/i;

/**
 * The mixture written in a parsed YAML or JSON file. Of several the one nearest the top counts; two at the same depth are
 * an error, as in a configuration with stages.
 *
 * @param value text, a list or a mapping
 * @throws BimixError `unknown-mixture` when there is none, `ambiguous-mixture` when there are several
 */
export function findWrittenMixture(value: unknown, where: Place): WrittenMixture {
  let level: { value: unknown; keys: readonly Key[] }[] = [{ value, keys: [] }];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const found = level.flatMap(node => readForm(node.value, node.keys) ?? []);
    if (found.length === 1) return found[0];
    if (found.length > 1) throw ambiguousMixture(found, where);
    level = level.flatMap(node => inside(node.value, node.keys));
  }
  throw new BimixError('unknown-mixture', 'unknown form of a mixture: no share or weight of a domain was found', {
    hint: `Write one line for each domain, for example "web: 0.6". Also read:\n${MIXTURE_FORMS.map(({ name }) => `  ${name}`).join('\n')}`,
    where,
  });
}

function readForm(value: unknown, keys: readonly Key[]): WrittenMixture | undefined {
  for (const form of MIXTURE_FORMS) {
    const found = form.read(value, keys);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inside(value: unknown, keys: readonly Key[]): { value: unknown; keys: readonly Key[] }[] {
  if (Array.isArray(value)) return value.map((item, i) => ({ value: item, keys: [...keys, i] }));
  if (!isMapping(value)) return [];
  return Object.entries(value)
    .filter(([key]) => !PASSED_OVER.test(key))
    .map(([key, item]) => ({ value: item, keys: [...keys, key] }));
}

function ambiguousMixture(found: readonly WrittenMixture[], where: Place): BimixError {
  const places = found.map(({ shares }) => shares[0].keys.slice(0, -1).join('.')).join(' and ');
  return new BimixError('ambiguous-mixture', `ambiguous mixture: there are ${found.length}, under ${places}`, {
    hint: 'Write the one that you mean into a file of its own, one line for each domain, for example "web: 0.6".',
    where,
  });
}
