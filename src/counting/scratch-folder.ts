/** A folder for what is not finished, gone with the process that made it. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { outputError, removeLeftovers, temporaryBeside } from '../files/index.ts';

/**
 * Makes the work folder and a scratch folder in it, and removes those of processes that were killed on this machine.
 *
 * @throws BimixError invalid-output when the folder cannot be made
 */
export function makeScratchFolder(workFolder: string): string {
  try {
    mkdirSync(workFolder, { recursive: true });
    removeLeftovers(workFolder);
    const folder = temporaryBeside(join(workFolder, 'scratch'));
    mkdirSync(folder);
    return folder;
  } catch (cause) {
    throw outputError(workFolder, cause, 'folder');
  }
}
