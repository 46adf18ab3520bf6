/** Refuses settings that cannot be counted with, before anything is read. */

import { BimixError } from '../errors/index.ts';
import { MAX_GROUPS, MAX_VOCABULARY } from './counts-header.ts';
import type { CountingOptions, DomainSpec } from './domain-spec.ts';

/** @throws BimixError invalid-workers, invalid-memory, invalid-groups, invalid-shard */
export function checkOptions({
  workers = 1,
  memoryBytes = 1,
  groups = 1,
  shard = { index: 0, of: 1 },
}: CountingOptions) {
  const isCount = (value: number, least: number, most = Number.MAX_SAFE_INTEGER) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!isCount(workers, 0)) throw invalid('workers', workers, 'a whole number from 0');
  if (!(memoryBytes > 0)) throw invalid('memory', memoryBytes, 'a positive number of bytes');
  if (!isCount(groups, 1, MAX_GROUPS)) throw invalid('groups', groups, `a whole number from 1 to ${MAX_GROUPS}`);
  if (!isCount(shard.of, 1) || !isCount(shard.index, 0, shard.of - 1)) {
    throw invalid('shard', `${shard.index} of ${shard.of}`, 'an index from 0 below the number of shards');
  }
}

/** @throws BimixError invalid-domains (a name twice), invalid-vocabulary, invalid-sample, invalid-part */
export function checkSpecs(specs: readonly DomainSpec[]): void {
  const names = new Set<string>();
  for (const { domain, vocabulary = 1, sampleTokens = 1, partBytes = 1 } of specs) {
    if (names.has(domain)) throw new BimixError('invalid-domains', `invalid domains: "${domain}" is given twice`);
    names.add(domain);
    if (!(Number.isInteger(vocabulary) && vocabulary >= 1 && vocabulary <= MAX_VOCABULARY)) {
      throw invalid('vocabulary', vocabulary, `a whole number from 1 to ${MAX_VOCABULARY}`);
    }
    if (!(Number.isInteger(sampleTokens) && sampleTokens >= 1)) {
      throw invalid('sample', sampleTokens, 'a positive whole number of tokens');
    }
    if (!(partBytes > 0)) throw invalid('part', partBytes, 'a positive number of bytes');
  }
}

function invalid(what: string, value: unknown, expected: string): BimixError {
  return new BimixError(`invalid-${what}`, `invalid ${what}: ${value}, expected ${expected}`);
}
