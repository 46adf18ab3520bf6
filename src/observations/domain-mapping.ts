/** Which training domain an evaluation domain measures. */

import { BimixError, didYouMean } from '../errors/index.ts';

/** Training domain by evaluation domain; null says it has none. */
export type DomainMapping = Readonly<Record<string, string | null>>;

/**
 * k indices of training domains, -1 where there is none. `mapping` decides where it names the evaluation domain; else a
 * training domain of the same name, or of the same name but for case, spaces and punctuation.
 *
 * @throws BimixError `unknown-domain` when the mapping names a domain neither side has
 */
export function mapDomains(
  evaluationDomains: readonly string[],
  trainingDomains: readonly string[],
  mapping: DomainMapping = {},
): Int32Array {
  for (const [evaluation, training] of Object.entries(mapping)) {
    requireKnown(evaluation, evaluationDomains, 'evaluation');
    if (training !== null) requireKnown(training, trainingDomains, 'training');
  }
  return Int32Array.from(evaluationDomains, domain => {
    if (!Object.hasOwn(mapping, domain)) return sameName(domain, trainingDomains);
    const training = mapping[domain];
    return training === null ? -1 : trainingDomains.indexOf(training);
  });
}

function requireKnown(name: string, known: readonly string[], side: string): void {
  if (known.includes(name)) return;
  throw new BimixError('unknown-domain', `unknown ${side} domain "${name}" in the mapping of evaluation domains`, {
    hint: didYouMean(name, known),
  });
}

/** The most literal reading that fits exactly one training domain. */
function sameName(domain: string, trainingDomains: readonly string[]): number {
  for (const form of [
    (name: string) => name,
    (name: string) => name.toLowerCase(),
    (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''),
  ]) {
    const wanted = form(domain);
    if (wanted === '') return -1;
    const fits = trainingDomains.flatMap((name, index) => (form(name) === wanted ? [index] : []));
    if (fits.length > 0) return fits.length === 1 ? fits[0] : -1;
  }
  return -1;
}
