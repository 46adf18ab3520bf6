/** Where the files of a folder of tasks are; docs/executors.md shows them all. */

import { join } from 'node:path';

export const manifestFile = (folder: string): string => join(folder, 'manifest.json');

/** What `{task}` stands for. */
export const taskFolder = (folder: string, id: string): string => join(folder, 'tasks', id);

export const MARKER = 'done.json';

export const markerFile = (folder: string, id: string): string => join(taskFolder(folder, id), MARKER);

/** What `{out}` stands for. */
export const resultsFolder = (folder: string, id: string, attempt: string): string =>
  join(taskFolder(folder, id), `attempt-${attempt}`);

export const logFile = (folder: string, id: string, attempt: string): string =>
  join(taskFolder(folder, id), `attempt-${attempt}.log`);

/** Written when an attempt starts. */
export const startFile = (folder: string, id: string, attempt: string): string =>
  join(taskFolder(folder, id), `attempt-${attempt}.json`);

/** Written when an attempt ends without the task being done. */
export const exitFile = (folder: string, id: string, attempt: string): string =>
  join(taskFolder(folder, id), `attempt-${attempt}.exit.json`);

/** The attempts that a listing of a task's folder shows. */
export function attemptsIn(names: readonly string[]): { started: string[]; ended: string[] } {
  const started: string[] = [];
  const ended: string[] = [];
  for (const name of names) {
    const attempt = /^attempt-(.+?)(\.exit)?\.json$/.exec(name);
    if (attempt === null) continue;
    (attempt[2] === undefined ? started : ended).push(attempt[1]);
  }
  return { started, ended };
}
