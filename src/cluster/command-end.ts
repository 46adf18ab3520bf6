/** How a task's command ends: by itself, by a signal, by its time, or because another attempt was first. */

import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

export interface CommandEnd {
  readonly exitCode: number;
  /** The signal that asked for the end. */
  readonly stopped: NodeJS.Signals | null;
  /** Why it is no success, as far as that is known. */
  readonly reason: string | null;
}

export interface CommandLimits {
  /** Longest time; null when somebody else sees to that. */
  readonly minutes: number | null;
  /** Seconds from a signal that asks the command to end to one that makes it; null when somebody else sees to that. */
  readonly grace: number | null;
}

/** The largest delay of a timer. */
const MAX_MS = 2 ** 31 - 1;
const NOT_STARTED = 127;
/** How long after a failure a signal may still come in that explains it. */
const SIGNAL_MS = 500;
/** How often it is looked whether another attempt has made this one needless. */
const LOOK_MS = 5000;

/**
 * Waits for the end. SIGTERM, SIGINT and SIGHUP of this process go on to the command and all that it started.
 *
 * @param child leads a process group
 * @param isDone whether another attempt was first
 */
export function endOf(
  child: ChildProcess,
  { minutes, grace }: CommandLimits,
  isDone: () => boolean,
): Promise<CommandEnd> {
  let stopped: NodeJS.Signals | null = null;
  let reason: string | null = null;
  // A twin on a node that was given up may be first.
  const timers: NodeJS.Timeout[] = [setInterval(() => isDone() && end('SIGTERM'), LOOK_MS)];
  const signalAll = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // All of them have ended.
    }
  };
  const end = (signal: NodeJS.Signals): void => {
    signalAll(signal);
    if (grace !== null) timers.push(setTimeout(() => signalAll('SIGKILL'), grace * 1000));
  };
  const forward = (signal: NodeJS.Signals): void => {
    stopped = signal;
    end(signal);
  };
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, forward);
  if (minutes !== null && minutes * 60_000 <= MAX_MS) {
    const expire = (): void => {
      reason = `it ran for more than ${minutes} minutes`;
      end('SIGTERM');
    };
    timers.push(setTimeout(expire, minutes * 60_000));
  }
  return new Promise<CommandEnd>(resolve => {
    child.once('error', error => {
      if (child.pid === undefined)
        resolve({ exitCode: NOT_STARTED, stopped, reason: `it cannot be started: ${error.message}` });
    });
    child.once('exit', (code, signal) => {
      const exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
      const why = signal === null ? null : `killed by ${signal}`;
      const tell = (): void => resolve({ exitCode, stopped, reason: reason ?? why });
      // A scheduler signals the command and this process alike, and the command may be quicker.
      if (exitCode === 0 || stopped !== null) tell();
      else setTimeout(tell, SIGNAL_MS);
    });
  }).finally(() => {
    for (const timer of timers) clearTimeout(timer);
    for (const signal of signals) process.off(signal, forward);
  });
}
