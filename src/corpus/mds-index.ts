/** `index.json` of a folder in MosaicML's MDS format: which columns a sample has, and the shards. */

import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';

export const MDS_INDEX = 'index.json';

/** Whether a folder holds an `index.json` that lists shards. */
export function isMdsFolder(folder: string): boolean {
  const head = Buffer.alloc(4096);
  let file: number;
  try {
    file = openSync(path.join(folder, MDS_INDEX), 'r');
  } catch {
    return false;
  }
  try {
    return head.toString('utf8', 0, readSync(file, head)).includes('"shards"');
  } finally {
    closeSync(file);
  }
}
