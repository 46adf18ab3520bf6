/**
 * Domains of one naming matched to another: `CommonCrawl` is `commoncrawl`, `cc` and `Pile-CC`; `Books` is `book`.
 * Exact names come first; then case, punctuation, plural and a few names that mean the same corpus are looked through.
 */

import { BimixError, didYouMean } from '../errors/index.ts';
import type { Mixture } from './mixture.ts';

/** Names of one corpus, canonical form first. */
const SAME_CORPUS: readonly (readonly string[])[] = [
  ['commoncrawl', 'cc', 'pilecc'],
  ['wikipedia', 'wiki', 'wikipediaen'],
  ['stackexchange', 'se'],
  ['gutenberg', 'gutenbergpg19', 'pg19'],
].map(names => names.map(singular));

/**
 * For each name, the index of the domain it stands for.
 *
 * @param what whose names they are, for errors
 * @throws BimixError `unknown-domain` when a name has no counterpart, `ambiguous-domain` when it has several or two names
 *   share one
 */
export function matchDomains(names: readonly string[], domains: readonly string[], what = 'mixture'): number[] {
  const takenBy = new Map<number, string>();
  const lost = names.filter(name => domainCandidates(name, domains).length === 0);
  if (lost.length > 0) {
    const hint =
      lost.length === 1
        ? didYouMean(lost[0], domains)
        : `Its domains must be among: ${domains.join(', ')}. Write a mixture file with those.`;
    const quoted = lost.map(name => `"${name}"`).join(', ');
    throw new BimixError('unknown-domain', `unknown ${lost.length === 1 ? 'domain' : 'domains'} ${quoted} in ${what}`, {
      hint,
    });
  }
  return names.map(name => {
    const found = domainCandidates(name, domains);
    if (found.length > 1) {
      const options = found.map(index => `"${domains[index]}"`).join(' or ');
      throw new BimixError('ambiguous-domain', `ambiguous domain "${name}" in ${what}: it may be ${options}`, {
        hint: 'Write a mixture file with the exact names.',
      });
    }
    const other = takenBy.get(found[0]);
    if (other !== undefined) {
      const message = `ambiguous domain "${domains[found[0]]}": both "${other}" and "${name}" in ${what} stand for it`;
      throw new BimixError('ambiguous-domain', message, { hint: 'Write a mixture file with the exact names.' });
    }
    takenBy.set(found[0], name);
    return found[0];
  });
}

/**
 * A mixture with its domains renamed and reordered to `domains`; domains it does not name get 0.
 *
 * @throws BimixError as `matchDomains`
 */
export function renameDomains(mixture: Mixture, domains: readonly string[], what?: string): Mixture {
  const proportions = new Float64Array(domains.length);
  matchDomains(mixture.domains, domains, what).forEach((index, j) => {
    proportions[index] = mixture.proportions[j];
  });
  return { domains: [...domains], proportions };
}

/** Indices of the domains that a name may stand for: the exact one, else those that look alike. */
export function domainCandidates(name: string, domains: readonly string[]): number[] {
  const exact = domains.indexOf(name);
  if (exact >= 0) return [exact];
  for (const form of [plain, canonical]) {
    const wanted = form(name);
    const found = domains.flatMap((domain, index) => (form(domain) === wanted ? [index] : []));
    if (found.length > 0) return found;
  }
  return [];
}

/** Letters and digits only, lower case. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{Letter}\p{Number}]/gu, '');
}

function canonical(name: string): string {
  const form = singular(plain(name).replace(/^thepile/, ''));
  return SAME_CORPUS.find(names => names.includes(form))?.[0] ?? form;
}

function singular(name: string): string {
  return name.length > 3 ? name.replace(/s$/, '') : name;
}
