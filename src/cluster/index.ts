export { lastLines } from './last-lines.ts';
export { localExecutor } from './local-executor.ts';
export { type SlurmOptions, slurmExecutor } from './slurm-executor.ts';
export type { Attempt, ExecutionOptions, Executor, Resources, Task, TaskState, TaskStatus } from './task.ts';
export { resultsFolder, taskFolder } from './task-files.ts';
export { taskStatuses } from './task-statuses.ts';
