/** The process around a task's command, as its parent sees it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { TASK_MAIN } from './task-main-file.ts';

export class LocalChild {
  /** Wanted for its attempt; another when that is taken. */
  readonly attempt: string;
  readonly slot: number;
  /** Of what goes wrong before the attempt has a log. */
  readonly log: string;
  readonly exited: Promise<void>;
  readonly #process: ChildProcess;
  #end: string | null = null;

  constructor(folder: string, id: string, attempt: string, slot: number) {
    this.attempt = attempt;
    this.slot = slot;
    this.log = join(folder, 'local.log');
    const log = openSync(this.log, 'a');
    const args = [TASK_MAIN, folder, '--task', id, '--name', attempt, '--slot', String(slot)];
    // In a group of its own: what kills the driver's group, a closed terminal for one, does not reach it.
    this.#process = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log] });
    this.#process.unref();
    closeSync(log);
    this.exited = new Promise(resolve => {
      this.#process.once('exit', (code, signal) => {
        this.#end = signal === null ? `exit code ${code}` : `killed by ${signal}`;
        resolve();
      });
      this.#process.once('error', error => {
        this.#end = error.message;
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** How it ended; null while it runs. */
  get end(): string | null {
    return this.#end;
  }
}
