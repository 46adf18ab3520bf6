/** Which folder of runs is meant. */

import path from 'node:path';
import type { Project } from '../proxies/index.ts';
import { PROJECT_FILE, projectOf } from './project-argument.ts';

/**
 * The one that is named, else that of the bimix.yaml here, else `runs`.
 *
 * @throws BimixError as `readProject`
 */
export async function runsFolder(named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const project = await projectOf(PROJECT_FILE);
  return project === null ? 'runs' : folderOf(project);
}

/** As the user would name it from here. */
export function folderOf(project: Project): string {
  const folder = path.resolve(project.folder, project.runs);
  const relative = path.relative('.', folder) || '.';
  return relative.startsWith('..') ? folder : relative;
}
