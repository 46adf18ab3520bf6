/** What is to be counted of a corpus, in parts. */

import { openDocuments } from '../corpus/index.ts';
import type { CountingOptions, DomainSpec } from './domain-spec.ts';
import { type DomainPlan, planDomain } from './plan-parts.ts';

const DEFAULT_GROUPS = 16;
/** Of files with ids of 32 bits and no tokenizer named: tables for more ids would cost each worker more memory. */
const WIDE_VOCABULARY = 1 << 18;

/** A plan a domain; of a shard, for the domains that it has parts of. */
export async function planCorpus(specs: readonly DomainSpec[], options: CountingOptions): Promise<DomainPlan[]> {
  const { workFolder, groups = DEFAULT_GROUPS, shard = { index: 0, of: 1 } } = options;
  const vocabulary = await idsPossible(specs);
  const plans: DomainPlan[] = [];
  let parts = 0;
  for (const spec of specs) {
    const { domain, tasks } = await planDomain(spec, { workFolder, groups, vocabulary });
    const mine = tasks.filter(() => parts++ % shard.of === shard.index);
    if (mine.length > 0) plans.push({ domain, tasks: mine });
  }
  return plans;
}

/** For domains whose files alone say what ids there are: one number for all of them, so that they can be compared. */
async function idsPossible(specs: readonly DomainSpec[]): Promise<number> {
  let vocabulary = 2 ** 16;
  for (const { files, read, tokenizer, vocabulary: stated } of specs) {
    if (tokenizer !== null || stated !== undefined || files.length === 0) continue;
    const file = await openDocuments(files[0], read);
    if (file.kind === 'tokens' && file.idLimit > vocabulary) vocabulary = WIDE_VOCABULARY;
  }
  return vocabulary;
}
