/**
 * Progress on stderr for work of more than two seconds: one line that rewrites itself on a terminal, a line every ten
 * seconds in a log.
 */

import type { CountingProgress } from '../counting/index.ts';
import { formatQuantity } from '../mixture/index.ts';

const QUIET_SECONDS = 2;
const LOG_SECONDS = 10;
const TERMINAL_SECONDS = 0.2;

export interface Progress {
  /** Say that `done` of `total` units are done. */
  update(done: number, total: number): void;
  /** Clear the line. */
  end(): void;
}

/** @param what what is being done, for example `fitting bimix` */
export function startProgress(what: string): Progress {
  const began = performance.now();
  const line = startLine();
  return {
    update(done, total) {
      if (done >= total) return;
      const left = done > 0 ? `, ${duration(((performance.now() - began) / done) * (total - done))} left` : '';
      line.show(`${what}: ${done} of ${total}${left}`);
    },
    end: line.end,
  };
}

export interface ProgressLine {
  /** Show a line, if it is time for one. */
  show(text: string): void;
  /** Clear it. */
  end(): void;
}

/** A line on stderr that is quiet at first and does not flood a log. */
export function startLine(): ProgressLine {
  const { stderr } = process;
  const began = performance.now();
  let last = began;
  let shown = false;
  return {
    show(text) {
      const now = performance.now();
      const pause = stderr.isTTY ? TERMINAL_SECONDS : LOG_SECONDS;
      if (now - began < QUIET_SECONDS * 1000 || now - last < pause * 1000) return;
      last = now;
      shown = true;
      stderr.write(stderr.isTTY ? `\r\u001b[2K${text}` : `${text}\n`);
    },
    end() {
      if (shown && stderr.isTTY) stderr.write('\r\u001b[2K');
    },
  };
}

/** `counting books: 1.2B tokens, 45M tokens/s, 12 of 40 parts, 3 min left` */
export function rateLine({ domain, tokens, tokensPerSecond, secondsLeft, partsDone, parts }: CountingProgress): string {
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft * 1000)} left`;
  return `counting ${domain}: ${formatQuantity(tokens)} tokens, ${formatQuantity(tokensPerSecond)} tokens/s, ${partsDone} of ${parts} parts${left}`;
}

/** `12 s`, `3 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
