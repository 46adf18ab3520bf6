/**
 * `comparison.json`: the comparison of one table, or several with one for each model size.
 *
 *   {"kind": "bimix-comparison", "schemaVersion": 1, ...}  or  {"kind": "bimix-comparisons", "schemaVersion": 1, "comparisons": [...]}
 */

import * as z from 'zod';
import { parseCheckedJson } from '../errors/index.ts';
import type { Comparison } from './comparison-types.ts';

const names = z.array(z.string());
const maybe = z.number().nullable();
const kind = z.enum(['law', 'baseline']);
const mean = z.object({ mre: z.number(), mreAtLast: maybe, mae: z.number(), r2: maybe, r2Log: maybe, spearman: maybe });
const difference = { difference: z.number(), standardError: maybe, runs: z.number() };
const recommended = z
  .object({
    law: z.string(),
    mre: z.number(),
    next: z.object({ law: z.string(), mre: z.number(), ...difference }).nullable(),
  })
  .nullable();

const covered = { coverage: z.number(), width: z.number() };
const interval = z.object({ ...covered, level: z.number(), targets: z.record(z.string(), z.object(covered)) });

const comparison = z.object({
  kind: z.literal('bimix-comparison'),
  schemaVersion: z.literal(1),
  version: z.string(),
  split: z.string(),
  meaning: z.string(),
  size: z.number().positive().optional(),
  measuredOn: z.string(),
  trainingDomains: names.min(1),
  targets: names.min(1),
  runs: z.object({ all: z.number(), heldOut: z.number() }),
  points: z.number(),
  recommendation: z.object({ optimize: recommended, predict: recommended, reasons: names }),
  laws: z
    .array(
      z.object({
        law: z.string(),
        kind,
        convex: z.boolean(),
        runsWanted: z.number(),
        mean,
        regretAt1: maybe,
        parameters: maybe,
        targets: z.record(z.string(), mean.extend({ n: z.number(), runs: z.number() })),
        interval: interval.optional(),
        toBest: z.object(difference).nullable(),
      }),
    )
    .min(1),
  failures: z.array(z.object({ law: z.string(), code: z.string(), message: z.string(), hint: z.string() })),
  nested: z.array(z.object({ among: z.enum(['convex', 'all']), chosen: names, mean, regretAt1: maybe })),
  curves: z
    .object({
      runs: z.array(z.number().positive()),
      draws: z.number(),
      curves: z.array(
        z.object({
          law: z.string(),
          kind,
          convex: z.boolean(),
          points: z.array(z.object({ runs: z.number(), mre: maybe, spearman: maybe, draws: z.array(maybe) })),
        }),
      ),
      skipped: z.array(z.number()),
    })
    .nullable(),
});

const comparisonFile = z.discriminatedUnion('kind', [
  comparison,
  z.object({
    kind: z.literal('bimix-comparisons'),
    schemaVersion: z.literal(1),
    comparisons: z.array(comparison).min(1),
  }),
]);

/** What `comparison.json` holds: without fit times, so that the same runs give the same bytes. */
export function comparisonJson(comparisons: readonly Comparison[]): object {
  const timeless = comparisons.map(({ laws, ...rest }) => ({
    ...rest,
    laws: laws.map(({ fitSeconds: _, ...law }) => law),
  }));
  return timeless.length === 1 ? timeless[0] : { kind: 'bimix-comparisons', schemaVersion: 1, comparisons: timeless };
}

/**
 * Reads what was written from `comparisonJson`; fit times are 0.
 *
 * @param file its name, for errors
 * @throws BimixError `invalid-comparison`
 */
export function parseComparisons(text: string, file: string): Comparison[] {
  const data = parseCheckedJson(text, comparisonFile, {
    code: 'invalid-comparison',
    what: 'comparison',
    file,
    hint: 'A comparison is what bimix compare --json prints.',
  });
  const comparisons = data.kind === 'bimix-comparison' ? [data] : data.comparisons;
  // Optional fields that zod types as `T | undefined` are absent after JSON.
  return comparisons.map(({ laws, ...rest }) => ({
    ...rest,
    laws: laws.map(law => ({ ...law, fitSeconds: 0 })),
  })) as unknown as Comparison[];
}
