/** Tasks as jobs of a Slurm cluster. */

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BimixError } from '../errors/index.ts';
import { writeExit } from './attempt-record.ts';
import { lastLines } from './last-lines.ts';
import { findJobs, largestArray, runSlurm, type SlurmJob } from './slurm-commands.ts';
import { isEnd, type SlurmEnd, verdictOf } from './slurm-states.ts';
import { findSubmitted, type SlurmSettings, submit } from './slurm-submit.ts';
import { readSubmissions, type Submission, submissionsFolder, writeSubmission } from './submission.ts';
import type { ExecutionOptions, Executor, TaskStatus } from './task.ts';
import { TaskBoard } from './task-board.ts';
import type { AttemptRecord, TaskRecord } from './task-record.ts';

export interface SlurmOptions extends SlurmSettings {
  /** Whether jobs go on when the signal aborts. Default: they are cancelled. */
  readonly leaveJobs?: boolean;
}

/** Files may show up on this machine that much later than they were written on another. */
const SETTLE_MS = 5000;
/** A task that loses its node this many times is itself at fault. */
const MAX_LOSSES = 20;
/** Milliseconds between looks at Slurm: often while things change, else a tenth of the time since the last change. */
const POLL = { least: 1000, most: 15_000 };
/** How long cancelled jobs are waited for. */
const CANCEL_MS = 45_000;

/**
 * Runs tasks as arrays of jobs, `parallel` at a time, requeued by Slurm when their node is lost. Resources become
 * `--cpus-per-task`, `--gres=gpu:N`, `--mem` and `--time`. The folder must be the same on all nodes, and so must Node and bimix.
 * Jobs outlive a driver that is killed; the next driver of the folder finds them.
 *
 * @throws BimixError, from `run`: `missing-slurm`; `invalid-submission` with Slurm's words
 */
export function slurmExecutor(settings: SlurmOptions = {}): Executor {
  return {
    name: 'slurm',
    async run(folder, tasks, options) {
      const arraySize = await largestArray();
      const board = await TaskBoard.open(folder, tasks, options);
      try {
        return await new SlurmRun(board, options, settings, arraySize).toEnd();
      } finally {
        await board.close();
      }
    },
  };
}

/** A task's place with Slurm. */
interface Place {
  readonly submission: Submission;
  readonly index: number;
  /** When Slurm was first seen to have no more to do with it. */
  overSince: number | null;
}

class SlurmRun {
  readonly #board: TaskBoard;
  readonly #options: ExecutionOptions;
  readonly #settings: SlurmOptions;
  #arraySize: number;
  /** Jobs that Slurm may have for another array to be submitted. */
  #mostBefore = Number.POSITIVE_INFINITY;
  #submissions: Submission[] = [];
  /** Of tasks that Slurm has. */
  readonly #places = new Map<string, Place>();
  readonly #losses = new Map<string, number>();

  constructor(board: TaskBoard, options: ExecutionOptions, settings: SlurmOptions, arraySize: number) {
    this.#board = board;
    this.#options = options;
    this.#settings = settings;
    this.#arraySize = arraySize;
  }

  async toEnd(): Promise<readonly TaskStatus[]> {
    const { signal } = this.#options;
    await this.#findEarlier();
    let [changed, shown] = [Date.now(), ''];
    for (;;) {
      if (signal?.aborted) break;
      const jobs = await this.#look();
      if (jobs !== null) {
        await this.#judge(jobs);
        if (!signal?.aborted) await this.#submitDue();
      }
      this.#board.publish();
      if (this.#places.size === 0 && this.#due().length === 0) return this.#board.statuses();
      const now = JSON.stringify([...this.#places.keys(), ...(jobs?.values() ?? [])]);
      if (now !== shown) [changed, shown] = [Date.now(), now];
      const wait = Math.min(POLL.most, Math.max(POLL.least, (Date.now() - changed) / 10));
      await pause(wait, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    }
    if (!this.#settings.leaveJobs) await this.#cancel();
    this.#board.publish();
    return this.#board.statuses();
  }

  /** What a driver before this one left with Slurm. */
  async #findEarlier(): Promise<void> {
    this.#submissions = await readSubmissions(this.#board.folder);
    for (const [n, submission] of this.#submissions.entries()) {
      if (submission.over) continue;
      const job = submission.job ?? (await findSubmitted(submission.name));
      const found = { ...submission, job, over: job === null };
      if (job !== submission.job || found.over) await writeSubmission(this.#board.folder, found);
      this.#submissions[n] = found;
      if (found.over) continue;
      for (const [index, id] of found.tasks.entries()) {
        this.#places.set(id, { submission: found, index, overSince: null });
      }
      // Refused of an array that has ended.
      await runSlurm('scontrol', ['update', `JobId=${job}`, `ArrayTaskThrottle=${this.#options.parallel}`]);
    }
    this.#forgetDone();
  }

  /** The jobs of tasks that Slurm has, and the files of those that may have moved; null when Slurm does not answer. */
  async #look(): Promise<Map<string, SlurmJob> | null> {
    const arrays = new Set([...this.#places.values()].flatMap(({ submission: { job } }) => job ?? []));
    const found = arrays.size === 0 ? [] : await findJobs({ arrays: [...arrays] });
    const byElement = new Map(found?.map(job => [`${job.name} ${job.index}`, job]));
    const jobs = new Map<string, SlurmJob>();
    for (const [id, { submission, index }] of this.#places) {
      const job = byElement.get(`${submission.name} ${index}`);
      if (job !== undefined) jobs.set(id, job);
    }
    const moved = [...this.#places.keys()].filter(id => verdictOf(jobs.get(id)?.state).kind !== 'queued');
    await this.#board.refresh(moved);
    this.#forgetDone();
    return found === null ? null : jobs;
  }

  #forgetDone(): void {
    const unfinished = new Set(this.#board.unfinished.map(({ id }) => id));
    for (const id of this.#places.keys()) if (!unfinished.has(id)) this.#places.delete(id);
  }

  async #judge(jobs: ReadonlyMap<string, SlurmJob>): Promise<void> {
    for (const record of this.#board.unfinished) {
      const place = this.#places.get(record.id);
      if (place !== undefined) await this.#judgeTask(record, place, jobs.get(record.id));
    }
    const names = new Set([...this.#places.values()].map(({ submission }) => submission.name));
    await this.#closeSubmissions(this.#open().filter(({ name }) => !names.has(name)));
  }

  async #judgeTask(record: TaskRecord, place: Place, job: SlurmJob | undefined): Promise<void> {
    const { id } = record;
    const verdict = verdictOf(job?.state);
    const mine = record.attempts.filter(({ start }) => start?.submission === place.submission.name);
    // Slurm may forget what still runs; it is waited for as long as it shows life.
    const isForgotten = job === undefined && mine.some(({ isAlive }) => isAlive);
    if (!isEnd(verdict) || isForgotten) {
      place.overSince = null;
      const waitsFor = verdict.kind === 'queued' && job?.reason !== 'None' ? job?.reason : undefined;
      this.#board.note(id, verdict.kind === 'queued' ? 'queued' : 'running', waitsFor);
      return;
    }
    const newest = mine.at(-1);
    if (newest?.exit?.outcome !== 'failed') {
      place.overSince ??= Date.now();
      if (newest?.exit == null && Date.now() - place.overSince < SETTLE_MS) return;
      await this.#writeVerdict(id, place, newest, job, verdict);
      await this.#board.refresh([id]);
    }
    this.#places.delete(id);
    this.#board.note(id, undefined);
  }

  /** Records the end of an attempt that could not record it itself, or was stopped. */
  async #writeVerdict(
    id: string,
    { submission, index }: Place,
    newest: AttemptRecord | undefined,
    job: SlurmJob | undefined,
    { kind, reason }: SlurmEnd,
  ): Promise<void> {
    const losses = (this.#losses.get(id) ?? 0) + (kind === 'lost' ? 1 : 0);
    this.#losses.set(id, losses);
    const outcome = losses > MAX_LOSSES ? 'failed' : kind;
    if (newest === undefined && outcome === 'lost') return;
    // What Slurm itself, or a shell that found no Node, had to say.
    const log = join(submissionsFolder(this.#board.folder), `${submission.name}-${index}.log`);
    const said = newest === undefined || job?.state === 'FAILED' ? await lastLines(log, 1) : [];
    await writeExit(this.#board.folder, id, {
      attempt: newest?.name ?? job?.job ?? `${submission.job}_${index}`,
      ended: newest?.exit?.ended ?? new Date().toISOString(),
      exitCode: newest?.exit?.exitCode ?? null,
      outcome,
      reason: [reason, ...said].join(': '),
      log: newest === undefined ? log : null,
    });
  }

  /** Tasks to submit to Slurm next. */
  #due(): TaskRecord[] {
    return this.#board.unfinished.filter(record => !this.#places.has(record.id) && !this.#board.hasFailed(record));
  }

  /**
   * What fits beside the jobs that Slurm has goes at once; other arrays follow one another, so that no more than `parallel` jobs
   * run. What is tried again waits for room.
   */
  async #submitDue(): Promise<void> {
    const due = this.#due();
    const isDue = new Set(due.map(({ id }) => id));
    for (const { id } of this.#board.unfinished) {
      if (!this.#places.has(id)) this.#board.note(id, isDue.has(id) ? 'waiting' : 'failed');
    }
    const { parallel, resources = {} } = this.#options;
    const isBeside = this.#places.size === 0 || this.#places.size + due.length <= parallel;
    const isNew = due.every(({ attempts }) => attempts.length === 0);
    if (due.length === 0 || !(isBeside || isNew)) return;
    // After a refusal, once half of the jobs that were in the way have ended.
    if (this.#places.size > this.#mostBefore) return;
    let after = isBeside ? null : (this.#open().at(-1)?.job ?? null);
    for (let from = 0; from < due.length; ) {
      const tasks = due.slice(from, from + this.#arraySize).map(({ id }) => id);
      const plan = { tasks, parallel, resources, after };
      const submission = await submit(this.#board.folder, plan, this.#settings, this.#submissions);
      if (submission instanceof BimixError) {
        if (this.#places.size > 0) {
          this.#mostBefore = Math.floor(this.#places.size / 2);
          return;
        }
        if (tasks.length === 1) throw submission;
        this.#arraySize = Math.ceil(tasks.length / 2);
        continue;
      }
      this.#submissions.push(submission);
      for (const [index, id] of tasks.entries()) {
        this.#places.set(id, { submission, index, overSince: null });
        this.#board.note(id, 'queued');
      }
      after = submission.job;
      from += tasks.length;
      this.#mostBefore = Number.POSITIVE_INFINITY;
    }
  }

  #open(): Submission[] {
    return this.#submissions.filter(({ over }) => !over);
  }

  /** Ends all jobs and waits until they have ended. */
  async #cancel(): Promise<void> {
    const arrays = this.#open().flatMap(({ job }) => job ?? []);
    if (arrays.length > 0) await runSlurm('scancel', arrays);
    const until = Date.now() + CANCEL_MS;
    let isOver = arrays.length === 0;
    while (!isOver && Date.now() < until) {
      const jobs = await findJobs({ arrays });
      isOver = jobs?.every(({ state }) => isEnd(verdictOf(state))) === true;
      if (!isOver) await pause(500);
    }
    await this.#board.refresh();
    for (const { id } of this.#board.unfinished) this.#board.note(id, undefined);
    if (isOver) await this.#closeSubmissions(this.#open());
  }

  async #closeSubmissions(submissions: readonly Submission[]): Promise<void> {
    for (const submission of submissions) {
      const closed = { ...submission, over: true };
      this.#submissions = this.#submissions.map(other => (other.name === closed.name ? closed : other));
      await writeSubmission(this.#board.folder, closed);
    }
  }
}
