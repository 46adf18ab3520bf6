import { compiledScript } from '../files/index.ts';

/** The script around a task's command. */
export const TASK_MAIN = compiledScript(import.meta.url, 'task-main');
