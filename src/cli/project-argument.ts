/** A `bimix.yaml` on the command line. */

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { readConfigFile } from '../files/index.ts';
import { type Project, readProject } from '../proxies/index.ts';

export const PROJECT_FILE = 'bimix.yaml';

/**
 * The project in a file; null when it is something else, such as a list of tokens.
 *
 * @throws BimixError as `readProject`
 */
export async function projectOf(path: string): Promise<Project | null> {
  if (!/\.(?:ya?ml|json)$/i.test(path) || !existsSync(path)) return null;
  // Under its own name it is a project, whatever is misspelt in it.
  if (basename(path) === PROJECT_FILE) return readProject(path);
  const { domains } = (await readConfigFile(path)).value;
  return typeof domains === 'object' && domains !== null ? readProject(path) : null;
}
