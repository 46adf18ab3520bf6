/** Work that Ctrl-C stops in good order, with what is finished kept. */

import { BimixError } from '../errors/index.ts';

/**
 * @param kept where finished parts are, for the message
 * @throws BimixError `missing-counts` when the user stopped the work
 */
export async function untilInterrupted<T>(kept: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const interrupt = (): void => {
    stop.abort(
      new BimixError('missing-counts', 'missing counts: stopped before all parts were counted', {
        hint: `Finished parts are in ${kept}; the same command goes on from there.`,
      }),
    );
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await work(stop.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
