/** A plan of runs from scratch that needs no other file: what it was made for, then one run per line. */

import type { Mixture } from '../mixture/index.ts';
import { isJsonLines, runPlan, weightsOf } from './run-plan.ts';

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
  /** Tokens of the training that the mixture is for. */
  readonly budget?: number;
  /** Smallest and largest share allowed, by training domain. */
  readonly bounds: Readonly<Record<string, readonly [lower: number, upper: number]>>;
  /** How the runs are trained, where that is known: what else `bimix run` needs. */
  readonly project?: object;
  /** At least one. */
  readonly runs: readonly {
    readonly name: string;
    /** Shares of tokens. */
    readonly mixture: Mixture;
    /** To train with. */
    readonly seed: number;
    /** Tokens of each domain that it may draw from; left out for all. */
    readonly tokensAvailable?: Readonly<Record<string, number>>;
  }[];
}

/**
 * JSON lines: a header with `kind: 'bimix-plan'`, then `run`, `method`, `weights` by domain, `tokens`, `seed` and, where the run
 * is matched in repetition, `tokensAvailable` of each run. CSV
 * as `runPlan`, which has room for names and weights only.
 *
 * @throws BimixError `unknown-format`
 */
export function designPlan(path: string, plan: DesignPlan): string {
  if (!isJsonLines(path)) return runPlan(path, plan.runs);
  const { version, method, seed, runs, tokens, tokensAvailable, maxEpochs, budget, bounds, project } = plan;
  const header = {
    ...{ kind: 'bimix-plan', schemaVersion: 1, version, method, seed, runs: runs.length },
    units: { weights: 'share of tokens' },
    trainingDomains: runs[0].mixture.domains,
    ...{ tokens, tokensAvailable, maxEpochs, budget, bounds, project },
  };
  const lines = runs.map(run => {
    const weights = weightsOf(run.mixture);
    return { run: run.name, method, weights, tokens, seed: run.seed, tokensAvailable: run.tokensAvailable };
  });
  return [header, ...lines].map(line => `${JSON.stringify(line)}\n`).join('');
}
