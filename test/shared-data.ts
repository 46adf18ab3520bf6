/** Where tests find real run tables, which are not part of the project: `../shared` beside the repository. */

import { existsSync } from 'node:fs';
import path from 'node:path';

const SHARED = path.resolve(import.meta.dirname, '../../shared');

/** The path of a file under `../shared`. */
export function sharedPath(file: string): string {
  return path.join(SHARED, file);
}

/** Whether all these files are there; says on the console which tests are skipped when not. */
export function haveShared(what: string, ...files: string[]): boolean {
  const absent = files.filter(file => !existsSync(sharedPath(file)));
  if (absent.length > 0) console.warn(`skipped: ${what}: no ${absent.map(file => `../shared/${file}`).join(', ')}`);
  return absent.length === 0;
}
