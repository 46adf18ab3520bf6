/** Counting by tasks of an executor, with a line of progress. */

import { availableParallelism } from 'node:os';
import { localExecutor, slurmExecutor } from '../cluster/index.ts';
import { countInShards, type DomainSpec, type ShardedCounting } from '../counting/index.ts';
import { wholeNumber } from './fit-settings.ts';
import type { ProgressLine } from './progress-line.ts';

/** As given on the command line. */
export interface TaskOptions {
  readonly on: 'local' | 'slurm';
  readonly parts: string | undefined;
  readonly parallel: string | undefined;
  readonly sbatch: string | undefined;
}

const MAX_AT_ONCE = 1000;

/** @returns count file of each domain */
export function countOn(
  { on, parts, parallel, sbatch }: TaskOptions,
  specs: readonly DomainSpec[],
  counting: Omit<ShardedCounting, 'parallel' | 'shards' | 'onChange'>,
  line: ProgressLine,
): Promise<ReadonlyMap<string, string>> {
  const extra = sbatch?.split(/\s+/).filter(word => word !== '') ?? [];
  const atOnce =
    on === 'slurm' ? MAX_AT_ONCE : Math.max(1, Math.floor(availableParallelism() / Math.max(1, counting.workers ?? 1)));
  return countInShards(specs, on === 'slurm' ? slurmExecutor({ extra }) : localExecutor(), {
    ...counting,
    ...(parts === undefined ? {} : { shards: wholeNumber('--parts', parts) }),
    parallel: parallel === undefined ? atOnce : wholeNumber('--parallel', parallel),
    onChange: (step, statuses) => {
      const count = (state: string) => statuses.filter(status => status.state === state).length;
      line.show(`${step}: ${count('done')} of ${statuses.length} tasks done, ${count('running')} running`);
    },
  });
}
