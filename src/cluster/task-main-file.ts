/** The script around a task's command: JavaScript, so from the sources that of the last build. */

import { fileURLToPath } from 'node:url';

export function taskMainFile(): string {
  const path = import.meta.url.endsWith('.ts') ? '../../dist/cluster/task-main.js' : './task-main.js';
  return fileURLToPath(new URL(path, import.meta.url));
}
