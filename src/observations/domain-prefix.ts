/** A prefix that all domains of one side share, such as `train_slimpajama_`, is no part of their names. */

import type { DomainMapping } from './domain-mapping.ts';
import { mapDomains } from './domain-mapping.ts';
import type { Draft, Finding } from './draft.ts';
import type { BytesPerToken } from './loss-unit.ts';

/** After the prefix, `hellaswag/acc` and `hellaswag/acc_norm` would leave no domain. */
const METRIC = /^(?:acc|accuracy|em|exact_match|f1|mc[12]|pass@|loss|bpb|bits_per_byte|ppl|perplexity)(?![a-z])/i;

/** What the user says of domains, by names with or without the prefix. */
interface NamedByUser {
  readonly mapping?: DomainMapping;
  readonly bytesPerToken?: BytesPerToken;
  readonly keepsNames?: boolean;
}

/** A draft without shared prefixes, and what the user said in its names. */
interface WithoutPrefix extends Omit<NamedByUser, 'keepsNames'> {
  readonly draft: Draft;
  readonly findings: Finding[];
}

/**
 * Drops what all training domains, or all evaluation domains, begin with, up to a separator: never where a name would be
 * empty or not begin with a letter, where an evaluation domain would lose its training domain, or where the draft keeps its
 * names.
 */
export function domainsWithoutPrefix(
  draft: Draft,
  { mapping = {}, bytesPerToken, keepsNames }: NamedByUser,
): WithoutPrefix {
  const asRead = { draft, mapping, ...(bytesPerToken === undefined ? {} : { bytesPerToken }), findings: [] };
  if (keepsNames ?? draft.keepsNames) return asRead;
  const choices = [
    [sharedPrefix(draft.trainingDomains), sharedPrefix(draft.evaluationDomains)],
    [sharedPrefix(draft.trainingDomains), ''],
    ['', sharedPrefix(draft.evaluationDomains)],
  ] as const;
  const mapped = mappedCount(draft, '', '');
  const [training, evaluation] = choices.find(([t, e]) => mappedCount(draft, t, e) >= mapped) ?? ['', ''];
  if (training === '' && evaluation === '') return asRead;
  const ofEvaluation = shortened(draft.evaluationDomains, evaluation);
  const ofTraining = shortened(draft.trainingDomains, training);
  const renamedMapping = (map: DomainMapping) =>
    Object.fromEntries(
      Object.entries(map).map(([eval_, train]) => [ofEvaluation(eval_), train === null ? null : ofTraining(train)]),
    );
  const renamed = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [ofEvaluation(name), value]));
  return {
    draft: {
      ...draft,
      trainingDomains: draft.trainingDomains.map(ofTraining),
      evaluationDomains: draft.evaluationDomains.map(ofEvaluation),
      ...(draft.mapping === undefined ? {} : { mapping: renamedMapping(draft.mapping) }),
      ...(draft.metrics === undefined ? {} : { metrics: renamed(draft.metrics) }),
    },
    mapping: renamedMapping(mapping),
    ...(bytesPerToken === undefined
      ? {}
      : { bytesPerToken: typeof bytesPerToken === 'object' ? renamed(bytesPerToken) : bytesPerToken }),
    findings: [
      ...droppedPrefix('training', training, draft.trainingDomains),
      ...droppedPrefix('evaluation', evaluation, draft.evaluationDomains),
    ],
  };
}

/** The longest prefix of all names that ends in a separator and leaves each a name of its own that begins with a letter. */
export function sharedPrefix(names: readonly string[]): string {
  if (names.length < 2) return '';
  const [first] = names;
  let length = first.length;
  for (const name of names) while (!name.startsWith(first.slice(0, length))) length--;
  for (let end = length; end > 0; end--) {
    if (!/[\s_./:-]/.test(first[end - 1])) continue;
    const isName = (name: string) => /^\p{L}/u.test(name) && !METRIC.test(name);
    if (names.every(name => isName(name.slice(end)))) return first.slice(0, end);
  }
  return '';
}

/** How many evaluation domains have a training domain by name. */
function mappedCount({ trainingDomains, evaluationDomains }: Draft, training: string, evaluation: string): number {
  const own = mapDomains(
    evaluationDomains.map(name => name.slice(evaluation.length)),
    trainingDomains.map(name => name.slice(training.length)),
  );
  return own.filter(index => index >= 0).length;
}

/** Names of the domains without the prefix; other names as they are. */
function shortened(domains: readonly string[], prefix: string): (name: string) => string {
  const known = new Set(domains);
  return name => (known.has(name) ? name.slice(prefix.length) : name);
}

function droppedPrefix(side: string, prefix: string, domains: readonly string[]): Finding[] {
  if (prefix === '') return [];
  const message = `prefix "${prefix}" of all ${domains.length} ${side} domains dropped`;
  return [{ kind: 'note', code: 'dropped-prefix', message, count: domains.length, items: [...domains] }];
}
