/** Work for an executor: commands whose results are files. */

/** One command, run until one attempt succeeds. */
export interface Task {
  /** Letters, digits, `.`, `_` and `-`; a folder's name, the same for every restart. */
  readonly id: string;
  /**
   * Program and arguments, no shell. `{out}` stands for the attempt's own folder of results, `{task}` for the task's folder,
   * which outlives attempts (checkpoints), `{attempt}` for the attempt's name, `{threads}` for the threads it may use. The same are
   * in the environment as `BIMIX_OUT`, `BIMIX_TASK`, `BIMIX_ATTEMPT` and `BIMIX_THREADS`.
   */
  readonly command: readonly [string, ...string[]];
  /** Where the command runs. Default: where the driver runs. */
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Files that a successful attempt leaves in `{out}`; a missing one is a failure. */
  readonly outputs: readonly string[];
}

/** What one task needs. */
export interface Resources {
  /** Default 1. */
  readonly threads?: number;
  /** Default 0. */
  readonly gpus?: number;
  readonly megabytes?: number;
  /** Longest time on the clock. */
  readonly minutes?: number;
}

/** `waiting`: not yet handed to anything that runs it; `queued`: with the scheduler. */
export type TaskState = 'waiting' | 'queued' | 'running' | 'done' | 'failed';

export interface Attempt {
  /** Unique within the task. */
  readonly name: string;
  readonly node: string | null;
  /** ISO 8601. */
  readonly started: string | null;
  readonly ended: string | null;
  /** Null while it runs, or when it was killed and nobody could write it down. */
  readonly exitCode: number | null;
  /** File of its standard output and error. */
  readonly log: string;
}

export interface TaskStatus {
  readonly id: string;
  readonly state: TaskState;
  readonly attempts: readonly Attempt[];
  /** The folder of results that counts; null until the task is done. */
  readonly results: string | null;
  /** Why it failed or still waits, where that is known. */
  readonly reason?: string;
}

/** Somewhere to run tasks. All that counts is in files: killing whatever runs here loses no finished task. */
export interface Executor {
  readonly name: string;
  /**
   * Runs what is not done yet and resolves when every task is done or has failed, or the signal aborts. Called again on the same
   * folder it continues: attempts still running are joined, not started twice.
   *
   * @throws BimixError `invalid-tasks` when the folder belongs to other tasks
   */
  run(folder: string, tasks: readonly Task[], options: ExecutionOptions): Promise<readonly TaskStatus[]>;
}

export interface ExecutionOptions {
  readonly resources?: Resources;
  /** Tasks at a time. */
  readonly parallel: number;
  /** Attempts at a task before it has failed. Default 1; an attempt lost with its node does not count. */
  readonly attempts?: number;
  readonly signal?: AbortSignal;
  readonly onChange?: (statuses: readonly TaskStatus[]) => void;
}
