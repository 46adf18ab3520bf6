/**
 * `law.json`: one fitted law, or several of one table with one for each model size.
 *
 *   {"kind": "bimix-law", "schemaVersion": 2, ...}      or      {"kind": "bimix-laws", "schemaVersion": 2, "laws": [...]}
 */

import * as z from 'zod';
import { BimixError, parseCheckedJson, parseJson } from '../errors/index.ts';
import { SCHEDULES } from '../observations/index.ts';
import { regressionSchema } from '../regression/index.ts';
import { checkFittedLaw } from './check-fitted-law.ts';
import type { FittedLaw } from './fitted-law.ts';

const LAW_VERSION = 2;
const LAW_HINT = 'A law file is what bimix fit -o law.json writes.';

const names = z.array(z.string());
const numberByName = z.record(z.string(), z.number());
const warning = z.object({ code: z.string(), message: z.string(), domain: z.string().optional() });

const scatter = {
  runSd: z.number().nonnegative(),
  withinSd: z.number().nonnegative(),
  degrees: z.int().positive(),
  seed: z.object({ sd: z.number().nonnegative(), degrees: z.int().positive() }).optional(),
};

const uncertainty = z.discriminatedUnion('method', [
  z.object({ method: z.literal('laplace'), parameters: names, factor: z.array(z.number()), ...scatter }),
  z.object({ method: z.literal('bootstrap'), parameters: names, replicates: z.array(z.array(z.number())), ...scatter }),
  z.object({ method: z.literal('members'), ...scatter }),
  z.object({ method: z.literal('held-out'), quantiles: z.array(z.number().nonnegative()).length(101), ...scatter }),
]);

const fittedTarget = z.object({
  target: z.string(),
  own: z.string().nullable(),
  metric: z.enum(['error rate', 'bits per byte']).optional(),
  volumeVaries: z.boolean(),
  shareVaries: z.boolean(),
  coefficients: numberByName,
  standardErrors: z.record(z.string(), z.number().nullable()),
  atBound: names,
  notIdentified: names,
  checkpointEffects: z.array(z.object({ volume: z.number().positive(), shifts: numberByName })).optional(),
  correction: z
    .object({ features: z.enum(['cube roots', 'shares and volume']), regression: regressionSchema })
    .nullable()
    .optional(),
  uncertainty: uncertainty.optional(),
  quality: z.object({
    rows: z.number(),
    runs: z.number(),
    mre: z.number(),
    rms: z.number(),
    r2: z.number().nullable(),
    worst: z.object({ run: z.string(), relativeError: z.number() }),
  }),
  convergence: z.object({
    converged: z.boolean(),
    iterations: z.number(),
    objective: z.number(),
    starts: z.number(),
    startsFollowed: z.number(),
    startsAtBest: z.number(),
    conditionNumber: z.number(),
  }),
});

const fittedLaw = z.object({
  kind: z.literal('bimix-law'),
  schemaVersion: z.literal(LAW_VERSION),
  law: z.string(),
  trainingDomains: names.min(1),
  units: z.object({ share: z.literal('tokens'), loss: z.literal('nats per token') }),
  volume: z.object({
    unit: z.enum(['tokens', 'steps', 'none']),
    tokensPerStep: z.number().positive().optional(),
    scale: z.number().positive(),
    smallest: z.number().positive(),
    largest: z.number().positive(),
    schedule: z.enum(SCHEDULES).optional(),
    insideRuns: z.boolean().optional(),
  }),
  size: z.number().positive().optional(),
  sizes: z.array(z.number().positive()).optional(),
  get members() {
    return z.array(fittedLaw).optional();
  },
  targets: z.array(fittedTarget).min(1),
  residualCorrelation: z.array(z.number()).optional(),
  extrapolation: z
    .object({ volume: z.number().nonnegative().optional(), size: z.number().nonnegative().optional() })
    .optional(),
  covered: z.object({
    runs: names.min(1),
    mixtures: z.array(z.array(z.number())),
    lastLosses: z.array(z.array(z.number().nullable())),
    lastVolumes: z.array(z.number().positive()),
    sizes: z.array(z.number().positive().nullable()).optional(),
  }),
  warmUp: z.object({ rule: z.string(), excluded: z.array(z.number()) }),
  settings: z.object({
    robust: z.boolean(),
    lambda: z.number().optional(),
    where: z.string().optional(),
    pooled: z.boolean().optional(),
    prior: z
      .object({
        law: z.string(),
        size: z.number().optional(),
        runs: z.number(),
        covered: z.object({ lowest: z.array(z.number()), highest: z.array(z.number()) }).optional(),
        heldOut: z.object({ folds: z.number(), mre: z.number(), mreWithout: z.number() }).optional(),
        dropped: z.boolean().optional(),
      })
      .optional(),
  }),
  heldOut: z.object({ folds: z.int().positive(), mre: z.number().nonnegative(), baselines: numberByName }).optional(),
  verdict: z.string(),
  warnings: z.array(warning),
  provenance: z.object({
    format: z.string(),
    inputs: z.array(z.object({ file: z.string(), sha256: z.string(), bytes: z.number() })),
    version: z.string(),
  }),
});

const lawFile = z.discriminatedUnion('kind', [
  fittedLaw,
  z.object({ kind: z.literal('bimix-laws'), schemaVersion: z.literal(LAW_VERSION), laws: z.array(fittedLaw).min(1) }),
]);

/**
 * The text of `law.json`; the same laws give the same bytes.
 *
 * @throws BimixError `invalid-law` when a number of a law is not finite, which no law file can hold
 *
 * @example
 * ```js
 * import { formatLaws } from 'bimix';
 *
 * const json = formatLaws([law]);
 * ```
 */
export function formatLaws(laws: readonly FittedLaw[]): string {
  for (const law of laws) requireFinite(law, '', law.law);
  const value = laws.length === 1 ? laws[0] : { kind: 'bimix-laws', schemaVersion: LAW_VERSION, laws };
  return `${JSON.stringify(value, null, 1)}\n`;
}

function requireFinite(value: unknown, at: string, law: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    const message = `invalid fit of ${law}: ${at.slice(1)} is ${value}`;
    throw new BimixError('invalid-law', message, {
      hint: 'Look at the losses of these runs: some are too extreme to fit.',
    });
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) requireFinite(inner, `${at}.${key}`, law);
}

/**
 * Reads what `formatLaws` wrote.
 *
 * @param file its name, for errors
 * @throws BimixError `invalid-law` when the text is not a law file, `unknown-schema-version`, `unknown-law`, `missing-coefficient` or `invalid-coefficient` when its content
 *   does not fit the law it names
 *
 * @example
 * ```js
 * import { formatLaws, parseLaws } from 'bimix';
 *
 * const [same] = parseLaws(formatLaws([law]), 'law.json');
 * ```
 */
export function parseLaws(text: string, file: string): FittedLaw[] {
  const check = { code: 'invalid-law', what: 'law file', file, hint: LAW_HINT } as const;
  checkVersion(parseJson(text, check), file);
  const parsed = parseCheckedJson(text, lawFile, check);
  // Optional fields that zod types as `T | undefined` are absent after JSON.
  const laws = (parsed.kind === 'bimix-law' ? [parsed] : parsed.laws) as unknown as FittedLaw[];
  for (const fitted of laws) checkFittedLaw(fitted, file);
  return laws;
}

function checkVersion(value: unknown, file: string): void {
  const { kind, schemaVersion } = (value ?? {}) as { readonly kind?: unknown; readonly schemaVersion?: unknown };
  if (typeof kind !== 'string' || !kind.startsWith('bimix-law') || typeof schemaVersion !== 'number') return;
  if (schemaVersion === LAW_VERSION) return;
  const message = `unknown schema version ${schemaVersion} of a law file: this bimix reads version ${LAW_VERSION}`;
  throw new BimixError('unknown-schema-version', message, {
    where: { file },
    hint: 'Fit the law again with bimix fit.',
  });
}
