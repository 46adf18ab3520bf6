/** What Slurm's job states mean for a task (squeue(1), JOB STATE CODES). */

/** Slurm will do no more about the job, and it is the task's fault, or the user's wish. */
const FAILED: Readonly<Record<string, string>> = {
  CANCELLED: 'cancelled in Slurm',
  DEADLINE: 'past its deadline',
  FAILED: 'Slurm calls it failed',
  OUT_OF_MEMORY: 'out of memory',
  TIMEOUT: 'past its time limit',
};

/** Slurm is done with the job, which must be submitted again. */
const LOST: Readonly<Record<string, string>> = {
  BOOT_FAIL: 'its node did not boot',
  COMPLETED: 'Slurm calls it completed, but it left no marker',
  NODE_FAIL: 'its node failed',
  PREEMPTED: 'preempted',
  REVOKED: 'revoked',
};

const RUNNING: ReadonlySet<string> = new Set([
  'RUNNING',
  'COMPLETING',
  'SIGNALING',
  'STAGE_OUT',
  'STOPPED',
  'SUSPENDED',
]);

export interface SlurmEnd {
  readonly kind: 'failed' | 'lost';
  readonly reason: string;
}

export type SlurmVerdict = { readonly kind: 'queued' | 'running' } | SlurmEnd;

export const isEnd = (verdict: SlurmVerdict): verdict is SlurmEnd => 'reason' in verdict;

/** @param state undefined when Slurm knows no such job any more */
export function verdictOf(state: string | undefined): SlurmVerdict {
  if (state === undefined) return { kind: 'lost', reason: 'Slurm knows its job no more' };
  if (Object.hasOwn(FAILED, state)) return { kind: 'failed', reason: FAILED[state] };
  if (Object.hasOwn(LOST, state)) return { kind: 'lost', reason: LOST[state] };
  return { kind: RUNNING.has(state) ? 'running' : 'queued' };
}
