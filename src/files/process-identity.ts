/** Which process it was: a process id alone is given to another process sooner or later. */

import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import * as z from 'zod';

export const processIdentity = z.object({ pid: z.int().positive(), started: z.string() });

export type ProcessIdentity = z.infer<typeof processIdentity>;

let machine: string | undefined;

/** Where process ids mean the same: this boot of this machine, and in a container that container. */
export function thisMachine(): string {
  machine ??= describeMachine();
  return machine;
}

function describeMachine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${hostname()} ${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Null when no such process runs on this machine; a zombie does not run. */
export function identify(pid: number): ProcessIdentity | null {
  if (process.platform === 'linux') {
    try {
      // After the name in brackets: state is field 3, the start since boot is field 22 (man 5 proc).
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? null : { pid, started: fields[19] };
    } catch {
      return null;
    }
  }
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return started === '' ? null : { pid, started };
  } catch {
    return null;
  }
}

/** Whether that process, not another by its number, runs on this machine. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

/** Signals a process and all of its group that it leads, if it is still that process. */
export function signalGroup(leader: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(leader)) return;
  try {
    process.kill(-leader.pid, signal);
  } catch {
    // It has ended in between.
  }
}
