/** Tasks as processes of this machine. */

import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, signalGroup, thisMachine } from '../files/index.ts';
import { writeExit } from './attempt-record.ts';
import { lastLines } from './last-lines.ts';
import { LocalChild } from './local-child.ts';
import type { ExecutionOptions, Executor, TaskStatus } from './task.ts';
import { TaskBoard } from './task-board.ts';
import { type AttemptRecord, isMissing, type TaskRecord } from './task-record.ts';

/** How often the files of running tasks are looked at. */
const POLL_MS = 250;

/**
 * Runs tasks as processes of this machine, which outlive a driver that is killed; the next driver of the folder waits for them.
 * When the signal aborts they get SIGTERM, and SIGKILL ten seconds later.
 *
 * Keeps to `minutes`; with `gpus`, each place among `parallel` has its own in `CUDA_VISIBLE_DEVICES`. `threads` and `megabytes`
 * are the command's own affair.
 */
export function localExecutor(): Executor {
  return {
    name: 'local',
    async run(folder, tasks, options) {
      const board = await TaskBoard.open(folder, tasks, options);
      try {
        return await new LocalRun(board, options).toEnd();
      } finally {
        await board.close();
      }
    },
  };
}

class LocalRun {
  readonly #board: TaskBoard;
  readonly #options: ExecutionOptions;
  /** By task. */
  readonly #children = new Map<string, LocalChild>();
  /** Processes that have had their SIGTERM. */
  readonly #reported = new Set<number>();

  constructor(board: TaskBoard, options: ExecutionOptions) {
    this.#board = board;
    this.#options = options;
  }

  async toEnd(): Promise<readonly TaskStatus[]> {
    const { signal } = this.#options;
    const aborted = new Promise<void>(resolve => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    for (;;) {
      for (const [id, child] of this.#children) if (child.end !== null) await this.#reap(id, child, child.end);
      for (const record of this.#board.unfinished) await this.#bury(record);
      if (!signal?.aborted) this.#startMore();
      const running = this.#board.unfinished.filter(record => this.#runs(record));
      if (signal?.aborted) this.#stop(running);
      this.#note();
      this.#board.publish();
      // Those that another machine runs are out of reach.
      const awaited = signal?.aborted
        ? running.filter(record => this.#children.has(record.id) || isHere(record))
        : running;
      if (awaited.length === 0 && this.#children.size === 0) return this.#board.statuses();
      const events = [...this.#children.values()].map(({ exited }) => exited);
      await Promise.race([pause(POLL_MS), ...events, ...(signal?.aborted ? [] : [aborted])]);
      await this.#board.refresh([...this.#children.keys(), ...awaited.map(({ id }) => id)]);
    }
  }

  #runs(record: TaskRecord): boolean {
    return this.#children.has(record.id) || record.attempts.some(({ isAlive }) => isAlive);
  }

  /** Writes down how a child ended that could not do so itself. */
  async #reap(id: string, child: LocalChild, end: string): Promise<void> {
    const { folder } = this.#board;
    await this.#board.refresh([id]);
    this.#children.delete(id);
    const record = this.#board.unfinished.find(unfinished => unfinished.id === id);
    if (record === undefined || this.#reported.has(child.pid ?? 0)) return;
    const ended = new Date().toISOString();
    const last = { ended, exitCode: null, outcome: 'failed', log: null } as const;
    const attempt = record.attempts.find(
      ({ start }) => start?.wrapper.pid === child.pid && start?.machine === thisMachine(),
    );
    if (attempt === undefined) {
      const said = (await lastLines(child.log, 1)).join('');
      const reason = `it did not start: ${said === '' ? end : said}`;
      await writeExit(folder, id, { ...last, attempt: child.attempt, reason, log: child.log });
    } else if (isMissing(record, attempt)) {
      endOrphans(attempt);
      const reason = end.startsWith('killed') ? end : `${end} of the process around it: see ${child.log}`;
      await writeExit(folder, id, { ...last, attempt: attempt.name, reason });
    }
    await this.#board.refresh([id]);
  }

  /** Records attempts that ended with their machine or driver, and ends what is left of them. */
  async #bury(record: TaskRecord): Promise<void> {
    const missing = record.attempts.filter(attempt => isMissing(record, attempt));
    for (const attempt of missing) {
      endOrphans(attempt);
      const ended = new Date().toISOString();
      const reason = 'lost with what it ran on';
      const lost = { attempt: attempt.name, ended, exitCode: null, outcome: 'lost', reason, log: null } as const;
      await writeExit(this.#board.folder, record.id, lost);
    }
    if (missing.length > 0) await this.#board.refresh([record.id]);
  }

  #startMore(): void {
    const { folder, unfinished } = this.#board;
    const slots = new Set([...this.#children.values()].map(({ slot }) => slot));
    let running = 0;
    for (const record of unfinished) {
      if (this.#runs(record)) running++;
      for (const { start, isAlive } of record.attempts) if (isAlive && start?.slot != null) slots.add(start.slot);
    }
    for (const record of unfinished) {
      if (running >= this.#options.parallel) return;
      if (this.#runs(record) || this.#board.hasFailed(record)) continue;
      let slot = 0;
      while (slots.has(slot)) slot++;
      slots.add(slot);
      running++;
      const name = `local-${record.attempts.length + 1}`;
      this.#children.set(record.id, new LocalChild(folder, record.id, name, slot));
    }
  }

  #stop(running: readonly TaskRecord[]): void {
    const pids = [...this.#children.values()].map(({ pid }) => pid);
    for (const record of running) {
      pids.push(...record.attempts.filter(isAliveHere).map(({ start }) => start?.wrapper.pid));
    }
    for (const pid of pids) {
      if (pid === undefined || this.#reported.has(pid)) continue;
      this.#reported.add(pid);
      try {
        process.kill(pid, 'SIGTERM');
      } catch {
        // It has ended in between.
      }
    }
  }

  #note(): void {
    const isOver = this.#options.signal?.aborted === true;
    for (const record of this.#board.unfinished) {
      const { id } = record;
      if (this.#children.has(id)) this.#board.note(id, 'running');
      else if (isOver || this.#runs(record)) this.#board.note(id, undefined);
      else this.#board.note(id, this.#board.hasFailed(record) ? 'failed' : 'waiting');
    }
  }
}

const isAliveHere = ({ isAlive, start }: AttemptRecord): boolean => isAlive && start?.machine === thisMachine();

const isHere = ({ attempts }: TaskRecord): boolean => attempts.some(isAliveHere);

/** A wrapper that was killed leaves its command running. */
function endOrphans({ start }: AttemptRecord): void {
  if (start?.command && start.machine === thisMachine() && isRunning(start.command))
    signalGroup(start.command, 'SIGKILL');
}
