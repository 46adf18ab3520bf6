/** Which folder of runs is meant. */

import path from 'node:path';
import { PROJECT_FILE, projectOf } from './project-argument.ts';

/**
 * The one that is named, else that of the bimix.yaml here, else `runs`.
 *
 * @throws BimixError as `readProject`
 */
export async function runsFolder(named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const project = await projectOf(PROJECT_FILE);
  return project === null ? 'runs' : path.relative('.', path.resolve(project.folder, project.runs)) || '.';
}
