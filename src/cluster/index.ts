export type { Attempt, ExecutionOptions, Executor, Resources, Task, TaskState, TaskStatus } from './task.ts';
