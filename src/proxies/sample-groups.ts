/** Which domains of the sample corpora go together, and how much of each is used. */

import { BimixError, didYouMean } from '../errors/index.ts';

export interface SampleGroup {
  readonly name: string;
  readonly title: string;
  /** Names of its domains. */
  readonly domains: readonly string[];
}

const GROUPS: readonly SampleGroup[] = [
  {
    name: 'prose-and-code',
    title: 'English prose of three kinds, documentation, and source in four programming languages',
    domains: ['novel', 'speeches', 'licences', 'documentation', 'typescript', 'javascript', 'python', 'cpp'],
  },
  {
    name: 'reference-and-markup',
    title: 'facts, languages, documentation, formal notations and arithmetic',
    domains: ['countries', 'languages', 'documentation', 'specifications', 'interfaces', 'icons', 'arithmetic'],
  },
];

/** Most bytes of text used of a domain, both sides of the split together; they differ, as those of real corpora do. */
export const SAMPLE_BYTES: Readonly<Record<string, number>> = {
  novel: 1_500_000,
  speeches: 4_000_000,
  licences: 1_200_000,
  documentation: 1_500_000,
  typescript: 2_000_000,
  javascript: 1_600_000,
  python: 2_500_000,
  cpp: 1_000_000,
  countries: 2_500_000,
  languages: 2_000_000,
  specifications: 1_000_000,
  interfaces: 1_000_000,
  icons: 1_000_000,
  arithmetic: 1_000_000,
};

/**
 * Groups of sample domains, each a data set to experiment on by itself.
 *
 * @example
 * ```js
 * import { sampleGroups } from 'bimix/node';
 *
 * const names = sampleGroups().map(({ name }) => name);
 * ```
 */
export function sampleGroups(): readonly SampleGroup[] {
  return GROUPS;
}

/** @throws BimixError `unknown-sample` */
export function sampleGroup(name: string): SampleGroup {
  const group = GROUPS.find(candidate => candidate.name === name);
  if (group !== undefined) return group;
  throw new BimixError('unknown-sample', `unknown group of sample corpora "${name}"`, {
    hint: didYouMean(
      name,
      GROUPS.map(candidate => candidate.name),
    ),
  });
}
