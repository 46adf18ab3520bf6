/**
 * What a run leaves in its folder of results: `metrics.jsonl`, a header and a line for each evaluation, and `result.json` at its
 * end. The same run gives the same bytes: neither has times, paths or machines in it. Losses are nats per token.
 */

import path from 'node:path';
import * as z from 'zod';
import { parseCheckedJson } from '../errors/index.ts';
import { readInputFile } from '../files/index.ts';

export const METRICS_FILE = 'metrics.jsonl';
export const RESULT_FILE = 'result.json';

const count = z.int().nonnegative();
const byDomain = z.record(z.string(), z.number());
const model = z.object({ vocabulary: count, context: count, width: count, layers: count, heads: count });
const divergence = z.object({ tokens: count, reason: z.string() });

const headerSchema = z.object({
  kind: z.literal('bimix-proxy-metrics'),
  schemaVersion: z.literal(1),
  run: z.string(),
  hash: z.string(),
  weights: byDomain,
  tokens: count,
  seed: z.int(),
  parameters: count,
  model,
  domains: z.array(z.string()),
  validationTokens: z.record(z.string(), count),
});

const evaluationSchema = z.object({ tokens: count, losses: byDomain, trainingLoss: z.number(), drawn: byDomain });

const resultSchema = z.object({
  kind: z.literal('bimix-proxy-result'),
  schemaVersion: z.literal(1),
  run: z.string(),
  hash: z.string(),
  weights: byDomain,
  tokens: count,
  steps: count,
  seed: z.int(),
  parameters: count,
  losses: byDomain.nullable(),
  trainingLoss: z.number().nullable(),
  drawn: byDomain,
  shares: byDomain,
  available: byDomain,
  epochs: byDomain,
  diverged: divergence.nullable(),
});

export interface Divergence {
  /** Trained on when it was noticed. */
  readonly tokens: number;
  readonly reason: string;
}

/** First line of `metrics.jsonl`. */
export interface MetricsHeader {
  readonly run: string;
  /** sha256 of all that the losses depend on. */
  readonly hash: string;
  /** Shares of tokens asked for. */
  readonly weights: Readonly<Record<string, number>>;
  /** Of the whole run. */
  readonly tokens: number;
  readonly seed: number;
  readonly parameters: number;
  readonly model: z.infer<typeof model>;
  /** Whose validation losses are taken. */
  readonly domains: readonly string[];
  readonly validationTokens: Readonly<Record<string, number>>;
}

export interface Evaluation {
  /** Trained on by then. */
  readonly tokens: number;
  /** Validation loss by domain, nats per token. */
  readonly losses: Readonly<Record<string, number>>;
  /** Mean over the steps since the last evaluation, each before its step. */
  readonly trainingLoss: number;
  /** Tokens trained on by domain. */
  readonly drawn: Readonly<Record<string, number>>;
}

export interface RunMetrics {
  readonly header: MetricsHeader;
  readonly evaluations: readonly Evaluation[];
  readonly diverged: Divergence | null;
}

export interface RunResult {
  readonly run: string;
  readonly hash: string;
  /** Shares of tokens asked for. */
  readonly weights: Readonly<Record<string, number>>;
  /** Trained on. */
  readonly tokens: number;
  readonly steps: number;
  readonly seed: number;
  readonly parameters: number;
  /** Validation loss by domain at the end, nats per token; null when the run diverged. */
  readonly losses: Readonly<Record<string, number>> | null;
  /** Of the last stretch between evaluations; null when the run diverged. */
  readonly trainingLoss: number | null;
  /** Tokens trained on by domain. */
  readonly drawn: Readonly<Record<string, number>>;
  /** Shares of tokens as they were. */
  readonly shares: Readonly<Record<string, number>>;
  /** Tokens that an epoch of each drawn domain has. */
  readonly available: Readonly<Record<string, number>>;
  /** Of each drawn domain. */
  readonly epochs: Readonly<Record<string, number>>;
  readonly diverged: Divergence | null;
}

/** The text of `metrics.jsonl`. */
export function formatMetrics({ header, evaluations, diverged }: RunMetrics): string {
  const lines: unknown[] = [{ kind: 'bimix-proxy-metrics', schemaVersion: 1, ...header }, ...evaluations];
  if (diverged !== null) lines.push({ diverged });
  return lines.map(line => `${JSON.stringify(line)}\n`).join('');
}

/** The text of `result.json`. */
export function formatResult(result: RunResult): string {
  return `${JSON.stringify({ kind: 'bimix-proxy-result', schemaVersion: 1, ...result }, null, 2)}\n`;
}

/**
 * Reads the metrics of a run, also of one under way.
 *
 * @param folder of the run's results
 * @throws BimixError `missing-file`, `invalid-metrics` with the line
 */
export async function readRunMetrics(folder: string): Promise<RunMetrics> {
  const file = path.join(folder, METRICS_FILE);
  const lines = (await readInputFile(file)).text().trimEnd().split('\n');
  const { kind: _, schemaVersion: __, ...header } = parseLine(headerSchema, lines[0], file, 1);
  const evaluations: Evaluation[] = [];
  let diverged: Divergence | null = null;
  const body = z.union([evaluationSchema, z.object({ diverged: divergence })]);
  lines.slice(1).forEach((line, n) => {
    const value = parseLine(body, line, file, n + 2);
    if ('diverged' in value) diverged = value.diverged;
    else evaluations.push(value);
  });
  return { header, evaluations, diverged };
}

/**
 * Reads the result of a finished run.
 *
 * @param folder of the run's results
 * @throws BimixError `missing-file`, `invalid-metrics`
 */
export async function readRunResult(folder: string): Promise<RunResult> {
  const file = path.join(folder, RESULT_FILE);
  const {
    kind: _,
    schemaVersion: __,
    ...result
  } = parseLine(resultSchema, (await readInputFile(file)).text(), file, 1);
  return result;
}

function parseLine<T>(schema: z.ZodType<T>, text: string, file: string, line: number): T {
  return parseCheckedJson(text, schema, { code: 'invalid-metrics', what: `metrics in ${file}`, file, line });
}
