export { parseJsonLine } from '../errors/index.ts';
export { type AssembleOptions, assembleRuns } from './assemble.ts';
export { contradiction } from './contradiction.ts';
export { type DomainMapping, mapDomains } from './domain-mapping.ts';
export {
  type Draft,
  type DraftRow,
  type Finding,
  type LossUnit,
  ON_CONTRADICTION,
  type OnContradiction,
} from './draft.ts';
export { counted, findingOf } from './finding-group.ts';
export type { BytesPerToken } from './loss-unit.ts';
export { METRIC_UNITS, type MetricUnit } from './metric.ts';
export { readRuns } from './read-runs.ts';
export { runLabel } from './run-label.ts';
export {
  defaultTargets,
  evaluationTargets,
  lossAt,
  type Metric,
  mixtureOfRun,
  type Provenance,
  type Run,
  type RunTable,
  rowCount,
  selectRows,
  selectRuns,
  type VolumeUnit,
} from './run-table.ts';
export { formatRuns, type Lines, parseRuns, RUNS_FORMAT } from './runs-jsonl.ts';
export { SCHEDULES, type Schedule } from './schedule.ts';
export { modelSizes, requireKnownSizes, requireOneSize, sameSize } from './sizes.ts';
export { drawFold, type Fold, isLastOfRun, type Split, splitRuns, splitsBySize } from './split.ts';
export { parseWhere, selectWhere, type WhereClause } from './where.ts';
