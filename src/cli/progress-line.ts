/**
 * One line on stderr about work that takes longer than two seconds: rewritten in place on a terminal, a new line every ten
 * seconds in a log. A thread of its own writes it (progress-ticker.ts), so that it comes in time however long the main
 * thread computes.
 */

import { Worker } from 'node:worker_threads';
import { compiledScript } from '../files/index.ts';
import { SharedText } from './shared-text.ts';

export interface ProgressLine {
  /** What the line says from now on; it is written when it is time for one. */
  show(text: string): void;
  /** Clears it. */
  end(): void;
}

export interface TickerData {
  readonly text: SharedArrayBuffer;
  readonly isTerminal: boolean;
}

/** @param text what the line says at first */
export function startLine(text: string): ProgressLine {
  const { isTTY } = process.stderr;
  const shared = new SharedText();
  shared.write(text);
  const workerData: TickerData = { text: shared.buffer, isTerminal: isTTY };
  const ticker = new Worker(compiledScript(import.meta.url, 'progress-ticker'), { workerData });
  // Nothing depends on it: without the line, the work goes on.
  ticker.on('error', () => undefined);
  ticker.unref();
  return {
    show: next => shared.write(next),
    end() {
      if (shared.end() && isTTY) process.stderr.write('\r\u001b[2K');
    },
  };
}
