export { type ConfigFile, readConfigFile } from './config-file.ts';
export { columnIndex, type DataTable, numberAt, textAt } from './data-table.ts';
export { type Bounds, readBounds, readDomainNumbers, readDomainPaths, readMixtureFile } from './domain-files.ts';
export { type InputFile, inputFile, MAX_FILE_BYTES, readInputFile } from './input-file.ts';
export { columnsOf, readDataTable } from './read-table.ts';
export { MAX_LINE_LENGTH, splitLines } from './text-lines.ts';
export { bimixVersion } from './version.ts';
export { writeWholeFile } from './write-file.ts';
