/** When a line of progress is written, and as what. */

/** Work that is done by then says nothing. */
const QUIET_MS = 2000;
const LOG_MS = 10_000;
const TERMINAL_MS = 200;

/** Milliseconds to wait before the line that follows `count` others. */
export function pauseBefore(count: number, isTerminal: boolean): number {
  if (count === 0) return QUIET_MS;
  return isTerminal ? TERMINAL_MS : LOG_MS;
}

export interface Tick {
  /** What the line says. */
  readonly text: string;
  /** What the one before said. */
  readonly last: string;
  /** How many were written before. */
  readonly count: number;
  readonly isTerminal: boolean;
}

/** The characters to write: a line of a log that says nothing new says how long it has been so far. */
export function ticked({ text, last, count, isTerminal }: Tick): string {
  if (isTerminal) return `\r\u001b[2K${text}`;
  const seconds = (QUIET_MS + count * LOG_MS) / 1000;
  return `${text}${text === last ? ` (${seconds} s so far)` : ''}\n`;
}
