/** A file that another program is still writing. */

import { stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { type InputFile, inputFile, readInputFile } from './input-file.ts';
import { STANDARD_INPUT } from './standard-input.ts';

const LINE_FEED = 0x0a;

export interface FollowOptions {
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** Waits between two looks at the file. */
  readonly pause: () => Promise<void>;
}

/**
 * The whole lines of a file, at once and again whenever there are other ones; a line still being written waits for its end.
 * A file that became shorter was begun anew and is read as it is.
 *
 * @throws BimixError as `readInputFile`
 */
export async function* followFile(path: string, { signal, pause }: FollowOptions): AsyncGenerator<InputFile> {
  if (path === '-') {
    yield* followStandardInput(signal);
    return;
  }
  let seen = '';
  let lines = '';
  while (!signal.aborted) {
    const state = await stat(path).catch(() => undefined);
    const now = `${state?.size} ${state?.mtimeMs}`;
    if (state === undefined || now !== seen) {
      seen = now;
      const file = wholeLines(await readInputFile(path));
      if (file.sha256 !== lines) yield file;
      lines = file.sha256;
    }
    if (!signal.aborted) await pause();
  }
}

/** The lines so far, whenever more have come in. */
async function* followStandardInput(signal: AbortSignal): AsyncGenerator<InputFile> {
  let content: Uint8Array = new Uint8Array(0);
  for await (const chunk of process.stdin.iterator({ destroyOnReturn: true })) {
    content = Buffer.concat([content, Buffer.from(chunk)]);
    if (signal.aborted) return;
    if (chunk.includes('\n')) yield wholeLines(inputFile(STANDARD_INPUT, content));
  }
}

/** A pause of some seconds, cut short by the signal. */
export function pauseFor(seconds: number, signal: AbortSignal): () => Promise<void> {
  // An abort ends the wait by throwing, and is no failure.
  return () => wait(1000 * seconds, undefined, { signal }).catch(() => undefined);
}

function wholeLines({ path, content }: InputFile): InputFile {
  return inputFile(path, content.subarray(0, content.lastIndexOf(LINE_FEED) + 1));
}
