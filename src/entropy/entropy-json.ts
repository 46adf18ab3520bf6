/** `entropy.json`: what `bimix entropy` writes and `bimix mixture` and `bimix report` read. */

import * as z from 'zod';
import { parseCheckedJson } from '../errors/index.ts';
import type { EntropyResults } from './entropy-results.ts';

const entropies = z.object({ shannon: z.number(), joint: z.number(), conditional: z.number() });
const interval = z.object({ low: z.number(), high: z.number() });
const intervals = z.object({ shannon: interval, joint: interval, conditional: interval });
const byEstimator = z.record(z.string(), entropies);
const shareOfText = z.array(z.object({ text: z.string(), share: z.number() }));

const domain = entropies.extend({
  tokens: z.number().positive(),
  documents: z.number(),
  bits: entropies,
  bitsPerByte: entropies.nullable(),
  tokensPerByte: z.number().nullable(),
  vonNeumann: z.number().optional(),
  estimators: byEstimator,
  intervals: z.record(z.string(), intervals),
  convergence: z.array(z.object({ tokens: z.number(), entropies: byEstimator })),
  atEqualSize: byEstimator,
  topTokens: shareOfText,
  topBigrams: shareOfText,
  available: z.number().nullable(),
});

const results = z.object({
  kind: z.literal('bimix-entropy'),
  schemaVersion: z.literal(1),
  version: z.string(),
  tokenizer: z.object({ name: z.string(), version: z.string(), unicode: z.string() }).nullable(),
  vocabulary: z.number(),
  acrossDocuments: z.boolean(),
  estimator: z.string(),
  equalSize: z.number(),
  domains: z.record(z.string(), domain).refine(domains => Object.keys(domains).length > 0, 'there are no domains'),
  mixtures: z.record(z.string(), z.record(z.string(), z.number())),
  overlap: z.array(z.array(z.number())),
  warnings: z.array(z.object({ code: z.string(), message: z.string(), domain: z.string().optional() })),
});

/** The text of `entropy.json`; the same results give the same bytes. */
export function formatEntropyResults(value: EntropyResults): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

/**
 * Reads what `formatEntropyResults` wrote.
 *
 * @param file its name, for errors
 * @throws BimixError `invalid-entropy-file`
 */
export function parseEntropyResults(text: string, file: string): EntropyResults {
  // Optional fields that zod types as `T | undefined` are absent after JSON.
  return parseCheckedJson(text, results, {
    code: 'invalid-entropy-file',
    what: 'entropy file',
    file,
    hint: 'An entropy file is what bimix entropy -o entropy.json writes.',
  }) as EntropyResults;
}
