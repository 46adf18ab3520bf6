import { alignMixture, makeMixture } from '../mixture/index.ts';
import type { ProxyRun } from './proxy-run.ts';

/**
 * The share of tokens of each domain of a run, in the order of `domains`; sum 1.
 *
 * @throws BimixError `invalid-mixture`, `unknown-domain`
 */
export function runShares(run: Pick<ProxyRun, 'name' | 'weights' | 'domains'>): readonly number[] {
  const mixture = makeMixture(run.weights, { name: run.name });
  const names = run.domains.map(({ name }) => name);
  return [...alignMixture(mixture, names, `the weights of run "${run.name}"`)];
}
