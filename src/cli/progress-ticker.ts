/** The thread that writes a line of progress to stderr, at its times, until the work is over. */

import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { TickerData } from './progress-line.ts';
import { pauseBefore, ticked } from './progress-ticks.ts';
import { SharedText } from './shared-text.ts';

const STDERR = 2;

const { text: buffer, isTerminal } = workerData as TickerData;
const shared = new SharedText(buffer);
let last = '';
for (let count = 0; !shared.wait(pauseBefore(count, isTerminal)); count++) {
  const text = shared.read();
  if (text === undefined) continue;
  shared.markShown();
  write(ticked({ text, last, count, isTerminal }));
  last = text;
}

/** A reader that went away or is slow costs a line, not the work. */
function write(text: string): void {
  try {
    writeSync(STDERR, text);
  } catch {
    // Nothing to do without a stderr.
  }
}
