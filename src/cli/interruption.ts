/** Work that Ctrl-C stops in good order. */

/** Calls `interrupt` at the first SIGINT and at the first SIGTERM during the work; a second one ends the process as ever. */
export async function untilInterrupted<T>(interrupt: () => void, work: () => Promise<T>): Promise<T> {
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await work();
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
