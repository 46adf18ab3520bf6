export { type ColumnMap, parseColumnFlags, parseColumnMap, readColumnMap } from './column-map.ts';
export { type ImportedRuns, importRuns, readRunsFile } from './import-runs.ts';
export type { Importer, ImportOptions } from './importer.ts';
export { type NamedShares, readMixtureTable } from './mixture-table.ts';
export { IMPORTERS } from './registry.ts';
export { type LogEntry, type RunLog, type RunLogOptions, readRunLog } from './run-log.ts';
