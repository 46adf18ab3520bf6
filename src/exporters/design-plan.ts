/** A plan of runs from scratch that needs no other file: what it was made for, then one run a line. */

import { extname } from 'node:path';
import type { Mixture } from '../mixture/index.ts';
import { runPlan, weightsOf } from './run-plan.ts';

export interface DesignPlan {
  /** Of bimix. */
  readonly version: string;
  readonly method: string;
  /** Of the draws. */
  readonly seed: number;
  /** Tokens of each run, where they are known. */
  readonly tokens?: number;
  readonly tokensAvailable?: Readonly<Record<string, number>>;
  readonly maxEpochs?: number;
  /** Smallest and largest share allowed, by training domain. */
  readonly bounds: Readonly<Record<string, readonly [lower: number, upper: number]>>;
  /** At least one. */
  readonly runs: readonly {
    readonly name: string;
    /** Shares of tokens. */
    readonly mixture: Mixture;
    /** To train with. */
    readonly seed: number;
  }[];
}

/**
 * JSON lines: a header with `kind: 'bimix-plan'`, then `run`, `method`, `weights` by domain, `tokens` and `seed` of each run. CSV
 * as `runPlan`, which has room for names and weights only.
 *
 * @throws BimixError `unknown-format`
 */
export function designPlan(path: string, plan: DesignPlan): string {
  if (extname(path).toLowerCase() !== '.jsonl') return runPlan(path, plan.runs);
  const { version, method, seed, runs, tokens, tokensAvailable, maxEpochs, bounds } = plan;
  const header = {
    ...{ kind: 'bimix-plan', schemaVersion: 1, version, method, seed, runs: runs.length },
    units: { weights: 'share of tokens' },
    trainingDomains: runs[0].mixture.domains,
    ...{ tokens, tokensAvailable, maxEpochs, bounds },
  };
  const lines = runs.map(run => ({ run: run.name, method, weights: weightsOf(run.mixture), tokens, seed: run.seed }));
  return [header, ...lines].map(line => `${JSON.stringify(line)}\n`).join('');
}
