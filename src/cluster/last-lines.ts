/** The end of a log. */

import { open } from 'node:fs/promises';

const MAX_BYTES = 65_536;

/** The last lines of a log that are not blank, at most 64 KiB of them; none when there is no log. */
export async function lastLines(log: string, count: number): Promise<string[]> {
  try {
    const file = await open(log, 'r');
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.min(size, MAX_BYTES));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
      // Progress bars write a line over and over.
      const lines = bytes.toString('utf8', 0, bytesRead).split(/[\r\n]+/);
      return lines.filter(line => line.trim() !== '').slice(-count);
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
