/** The text of a run as it is trained on and judged by. */

import { createHash, type Hash } from 'node:crypto';
import path from 'node:path';
import { expandFiles } from '../corpus/index.ts';
import type { TokenBatch } from '../engine/index.ts';
import { BimixError } from '../errors/index.ts';
import { namedValue } from '../mixture/index.ts';
import { shuffledOrder } from './document-order.ts';
import { DocumentStream } from './document-stream.ts';
import { type DocumentTokens, documentTokens } from './document-tokens.ts';
import type { ProxyDomain, ProxyRun } from './proxy-run.ts';
import { runShares } from './run-shares.ts';
import { firstTokens, readTokenPool, type TokenPool } from './token-pool.ts';

export interface CorpusDomain {
  readonly name: string;
  /** Share of tokens. */
  readonly share: number;
  /** From the beginning, documents in the order of the run's seed; null for a domain without a share. */
  readonly stream: DocumentStream | null;
  /** Tokens an epoch; null for a domain without a share. */
  readonly available: number | null;
  /** The same sequences whatever the seed. */
  readonly validation: TokenBatch;
}

export interface RunCorpus {
  /** In the run's order. */
  readonly domains: readonly CorpusDomain[];
  /** sha256 of all that the run's losses depend on: tokens and settings, not names of files or of the run. */
  readonly hash: string;
}

/**
 * Reads the text of a run.
 *
 * @throws BimixError `invalid-run` when a file is both trained on and judged by or the vocabulary is not the tokenizer's,
 * `invalid-domain`, and as the readers
 */
export async function readRunCorpus(run: ProxyRun): Promise<RunCorpus> {
  const encoder = await documentTokens(run.tokenizer);
  if (run.model.vocabulary !== encoder.vocabulary) {
    throw new BimixError(
      'invalid-run',
      `invalid run "${run.name}": the model's vocabulary is ${run.model.vocabulary}, the tokenizer has ${encoder.vocabulary} ids, the end of a document included`,
    );
  }
  await refuseSharedFiles(run);
  const shares = runShares(run);
  const hash = createHash('sha256').update(settingsOf(run, shares));
  const domains: CorpusDomain[] = [];
  for (let d = 0; d < shares.length; d++) {
    domains.push(await readDomain(run, run.domains[d], shares[d], encoder, hash));
  }
  return { domains, hash: hash.digest('hex') };
}

async function readDomain(
  run: ProxyRun,
  domain: ProxyDomain,
  share: number,
  encoder: DocumentTokens,
  hash: Hash,
): Promise<CorpusDomain> {
  const { name, read } = domain;
  const pool = share > 0 ? await trainingPool(run, domain, encoder) : null;
  const held = await readTokenPool(name, domain.validation, encoder, read);
  const validation = packValidation(run, name, held, encoder.end);
  if (pool !== null) hash.update(pool.tokens).update(pool.ends);
  hash.update(validation.targets);
  const orderOf = (epoch: number) => shuffledOrder(pool?.ends.length ?? 0, ['epoch', run.seed, name, epoch]);
  const stream = pool === null ? null : new DocumentStream(pool, encoder.end, orderOf);
  return { name, share, stream, available: pool === null ? null : pool.tokens.length, validation };
}

async function trainingPool(run: ProxyRun, domain: ProxyDomain, encoder: DocumentTokens): Promise<TokenPool> {
  const { name, train, read } = domain;
  const pool = await readTokenPool(name, train, encoder, read);
  const available = namedValue(run.tokensAvailable, name);
  return available === undefined || available >= pool.tokens.length ? pool : firstTokens(name, pool, available);
}

/** Evenly spaced sequences of all the validation text: its first documents would be of one author or one language. */
function packValidation(
  { name, model, evaluation }: ProxyRun,
  domain: string,
  pool: TokenPool,
  end: number,
): TokenBatch {
  const { context } = model;
  const all = Math.floor(pool.tokens.length / context);
  const sequences = Math.min(all, Math.floor(evaluation.tokens / context));
  if (sequences === 0) {
    throw new BimixError(
      'invalid-domain',
      `invalid domain "${domain}" of run "${name}": ${Math.min(pool.tokens.length, evaluation.tokens)} validation tokens, expected at least the ${context} of a sequence`,
      { hint: 'Give it more validation text, or more validation tokens.' },
    );
  }
  const inputs = new Uint16Array(sequences * context);
  const targets = new Uint16Array(sequences * context);
  const stream = new DocumentStream(pool, end, () => pool.ends.map((_, piece) => piece));
  const skipped = [new Uint16Array(context), new Uint16Array(context)] as const;
  for (let at = 0, taken = 0; taken < sequences; at++) {
    if (at < Math.floor(((taken + 0.5) * all) / sequences)) stream.read(...skipped);
    else {
      const place = [taken * context, ++taken * context] as const;
      stream.read(inputs.subarray(...place), targets.subarray(...place));
    }
  }
  return { sequences, inputs, targets };
}

async function refuseSharedFiles(run: ProxyRun): Promise<void> {
  const trained = new Map<string, string>();
  for (const { name, train } of run.domains) {
    if (!(run.weights[name] > 0)) continue;
    for (const file of await expandFiles(train, '.')) trained.set(path.resolve(file), name);
  }
  for (const { name, validation } of run.domains) {
    for (const file of await expandFiles(validation, '.')) {
      const other = trained.get(path.resolve(file));
      if (other === undefined) continue;
      throw new BimixError(
        'invalid-run',
        `invalid run "${run.name}": ${file} is training text of "${other}" and validation text of "${name}"`,
        { hint: 'Split the text by document: losses on text that was trained on say nothing.', where: { file } },
      );
    }
  }
}

function settingsOf({ model, optimizer, learningRate, ...run }: ProxyRun, shares: readonly number[]): string {
  return JSON.stringify([
    [model.vocabulary, model.context, model.width, model.layers, model.heads],
    [optimizer.beta1, optimizer.beta2, optimizer.epsilon, optimizer.weightDecay, optimizer.clip],
    [learningRate.peak, learningRate.warmup, learningRate.schedule, learningRate.final],
    [run.tokens, run.seed, run.sequences, run.evaluation.at, run.evaluation.tokens],
    run.domains.map(({ name }, d) => [name, shares[d], namedValue(run.tokensAvailable, name) ?? null]),
  ]);
}
