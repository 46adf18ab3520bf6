export type { Draft, DraftRow, Finding, LossUnit } from './draft.ts';
export { parseJsonLine } from './json-line.ts';
export {
  defaultTargets,
  lossAt,
  mixtureOfRun,
  type Provenance,
  type Run,
  type RunTable,
  rowCount,
  selectRows,
  selectRuns,
  type VolumeUnit,
} from './run-table.ts';
