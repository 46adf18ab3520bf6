/** A run as a JSON file, which a task can be handed. */

import path from 'node:path';
import * as z from 'zod';
import { BimixError, checkValue, parseJson } from '../errors/index.ts';
import { readInputFile } from '../files/index.ts';
import type { ProxyRun } from './proxy-run.ts';
import { runShares } from './run-shares.ts';

const count = z.int().positive();
const share = z.number().min(0).max(1);
const files = z.array(z.string().min(1)).min(1);

const tokenizer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bytes') }),
  z.strictObject({ kind: z.literal('ranks'), name: z.enum(['gpt2', 'o200k']) }),
  z.strictObject({ kind: z.literal('file'), path: z.string().min(1) }),
  z.strictObject({ kind: z.literal('bpe'), merges: z.array(z.int().nonnegative()) }),
]);

const schema = z.strictObject({
  name: z.string().min(1),
  weights: z.record(z.string(), z.number().nonnegative()),
  tokens: count,
  seed: z.int().min(0).max(0xffff_ffff),
  model: z.strictObject({ vocabulary: count.max(65_535), context: count, width: count, layers: count, heads: count }),
  optimizer: z.strictObject({
    beta1: share.lt(1),
    beta2: share.lt(1),
    epsilon: z.number().positive(),
    weightDecay: z.number().nonnegative(),
    clip: z.number().positive(),
  }),
  learningRate: z.strictObject({
    peak: z.number().positive(),
    warmup: share.lt(1),
    schedule: z.enum(['constant', 'cosine', 'linear']),
    final: share,
  }),
  sequences: count,
  domains: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        train: z.array(z.string().min(1)),
        validation: files,
        read: z.strictObject({ format: z.string(), text: z.string() }).partial().optional(),
      }),
    )
    .min(1),
  tokenizer: tokenizer.optional(),
  tokensAvailable: z.record(z.string(), count).optional(),
  evaluation: z.strictObject({ at: z.array(count).min(1), tokens: count }),
});

/**
 * Checks a run and all that its parts must have in common.
 *
 * @param file that it was read from, for errors
 * @throws BimixError `invalid-run`, `invalid-mixture`, `unknown-domain`
 */
export function checkProxyRun(value: unknown, file?: string): ProxyRun {
  const where = file === undefined ? {} : { file };
  const data = checkValue(value, schema, { code: 'invalid-run', what: 'run', place: () => where });
  // Optional fields that zod types as `T | undefined` are absent after JSON.
  const run = data as ProxyRun;
  const refuse = (what: string): never => {
    throw new BimixError('invalid-run', `invalid run "${run.name}": ${what}`, { where });
  };
  const names = run.domains.map(({ name }) => name);
  const twice = names.find((name, d) => names.indexOf(name) < d);
  if (twice !== undefined) refuse(`the domain "${twice}" is listed twice`);
  runShares(run);
  const untrained = run.domains.find(({ name, train }) => run.weights[name] > 0 && train.length === 0);
  if (untrained !== undefined) refuse(`the domain "${untrained.name}" has a share and no training files`);
  const stray = Object.keys(run.tokensAvailable ?? {}).find(name => !names.includes(name));
  if (stray !== undefined) refuse(`tokensAvailable names "${stray}", which is no domain of it`);
  const { width, heads } = run.model;
  if (width % heads !== 0) refuse(`a width of ${width} cannot be split over ${heads} heads`);
  const { at } = run.evaluation;
  if (at.some((tokens, i) => i > 0 && tokens <= at[i - 1])) refuse('the tokens of its evaluations do not ascend');
  if (at.at(-1) !== run.tokens)
    refuse(`its last evaluation is at ${at.at(-1)} tokens, expected its end, ${run.tokens}`);
  return run;
}

/**
 * Reads a run file: the JSON of a `ProxyRun`, files relative to its own folder.
 *
 * @throws BimixError `missing-file`, and as `checkProxyRun`
 */
export async function readProxyRun(file: string): Promise<ProxyRun> {
  const text = (await readInputFile(file)).text();
  const run = checkProxyRun(parseJson(text, { code: 'invalid-run', what: 'run', file }), file);
  const folder = path.dirname(file);
  const resolved = (names: readonly string[]) => names.map(name => path.resolve(folder, name));
  return {
    ...run,
    domains: run.domains.map(domain => ({
      ...domain,
      train: resolved(domain.train),
      validation: resolved(domain.validation),
    })),
    ...(run.tokenizer?.kind === 'file' && {
      tokenizer: { kind: 'file', path: path.resolve(folder, run.tokenizer.path) },
    }),
  };
}
