export type { ObservedRun, RestOfRun } from './predict-rest.ts';
export { forecastDeviations } from './run-model.ts';
export { offsetVariances, type RunSoFar, runOffset } from './run-offset.ts';
export { type Fault, type FaultReplay, type ReplayOptions, replayRuns, type WatchReplay } from './watch-replay.ts';
export {
  type Alarm,
  type LoggedCheckpoint,
  type WatchedCheckpoint,
  type WatchedTarget,
  type WatchOptions,
  watchRun,
} from './watch-run.ts';
