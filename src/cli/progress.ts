/**
 * Progress on stderr for work of more than two seconds: one line that rewrites itself on a terminal, a line every ten
 * seconds in a log.
 */

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
  const { stderr } = process;
  const began = performance.now();
  let last = began;
  let shown = false;
  return {
    update(done, total) {
      const now = performance.now();
      const pause = stderr.isTTY ? TERMINAL_SECONDS : LOG_SECONDS;
      if (now - began < QUIET_SECONDS * 1000 || now - last < pause * 1000 || done >= total) return;
      last = now;
      const left = done > 0 ? `, ${duration(((now - began) / done) * (total - done))} left` : '';
      const line = `${what}: ${done} of ${total}${left}`;
      stderr.write(stderr.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
      shown = true;
    },
    end() {
      if (shown && stderr.isTTY) stderr.write('\r\u001b[2K');
    },
  };
}

function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
