/** The tasks of a folder as its driver sees them. */

import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BimixError } from '../errors/index.ts';
import { claimFolder } from './driver-claim.ts';
import { ensureManifest, type PlannedTask } from './manifest.ts';
import type { ExecutionOptions, Task, TaskState, TaskStatus } from './task.ts';
import { readTaskRecord, stateOf, statusOf, type TaskRecord } from './task-record.ts';

export class TaskBoard {
  /** Absolute. */
  readonly folder: string;
  readonly #tasks: readonly PlannedTask[];
  readonly #options: ExecutionOptions;
  readonly #release: () => Promise<void>;
  readonly #records = new Map<string, TaskRecord>();
  /** Attempts that had ended before this driver came: they do not count for it. */
  readonly #before = new Set<string>();
  /** What only the driver knows. */
  readonly #notes = new Map<string, { readonly state: TaskState; readonly reason: string | undefined }>();
  #shown = '';

  private constructor(
    folder: string,
    tasks: readonly PlannedTask[],
    options: ExecutionOptions,
    release: () => Promise<void>,
  ) {
    this.folder = folder;
    this.#tasks = tasks;
    this.#options = options;
    this.#release = release;
  }

  /**
   * Makes the folder, or continues it.
   *
   * @throws BimixError `invalid-tasks`, `invalid-driver`, `invalid-output`
   */
  static async open(folder: string, tasks: readonly Task[], options: ExecutionOptions): Promise<TaskBoard> {
    checkOptions(options);
    const path = resolve(folder);
    try {
      await mkdir(path, { recursive: true });
    } catch (cause) {
      throw new BimixError('invalid-output', `invalid folder ${folder}: ${(cause as Error).message}`, {
        hint: 'Give another folder.',
        where: { file: folder },
        cause,
      });
    }
    const release = await claimFolder(path);
    try {
      const planned = await ensureManifest(path, tasks, options.resources ?? {});
      const board = new TaskBoard(path, planned, options, release);
      await board.refresh();
      for (const { id, attempts } of board.#records.values()) {
        for (const { name, exit } of attempts) if (exit !== null) board.#before.add(`${id}/${name}`);
      }
      return board;
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Reads the files of tasks that are not done, of all of them or of some. */
  async refresh(ids: Iterable<string> = this.#tasks.map(({ id }) => id)): Promise<void> {
    for (const id of ids) {
      if (this.#records.get(id)?.marker) continue;
      this.#records.set(id, await readTaskRecord(this.folder, id));
    }
  }

  /** In the order they were given. */
  get unfinished(): TaskRecord[] {
    return this.#tasks.flatMap(({ id }) => {
      const record = this.#records.get(id);
      return record === undefined || record.marker !== null ? [] : [record];
    });
  }

  /** Whether no further attempt is due. */
  hasFailed({ id, attempts }: TaskRecord): boolean {
    const failures = attempts.filter(
      ({ name, exit }) => exit?.outcome === 'failed' && !this.#before.has(`${id}/${name}`),
    );
    return failures.length >= (this.#options.attempts ?? 1);
  }

  /** Says what the files do not; undefined for what they do say. */
  note(id: string, state: TaskState | undefined, reason?: string): void {
    if (state === undefined) this.#notes.delete(id);
    else this.#notes.set(id, { state, reason });
  }

  statuses(): TaskStatus[] {
    return this.#tasks.flatMap(({ id }) => {
      const record = this.#records.get(id);
      if (record === undefined) return [];
      const note = record.marker === null ? this.#notes.get(id) : undefined;
      const state = note?.state ?? stateOf(record);
      return [statusOf(this.folder, record, state, note?.reason)];
    });
  }

  /** Tells of a change. */
  publish(): void {
    const statuses = this.statuses();
    const text = JSON.stringify(statuses);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#options.onChange?.(statuses);
  }

  async close(): Promise<void> {
    await this.#release();
  }
}

function checkOptions({ parallel, attempts = 1, resources = {} }: ExecutionOptions): void {
  const wrong = [
    ['parallel', parallel, 1],
    ['attempts', attempts, 1],
    ['threads', resources.threads ?? 1, 1],
    ['gpus', resources.gpus ?? 0, 0],
  ].find(([, value, least]) => !Number.isInteger(value) || value < least);
  if (wrong !== undefined) {
    const [name, value, least] = wrong;
    throw new BimixError('invalid-number', `invalid ${name} ${value}: expected a whole number from ${least}`);
  }
  for (const name of ['megabytes', 'minutes'] as const) {
    const value = resources[name];
    if (value !== undefined && !(value > 0)) {
      throw new BimixError('invalid-number', `invalid ${name} ${value}: expected a positive number`);
    }
  }
}
