export { readConfigFile } from './config-file.ts';
export { columnIndex, type DataTable, numberAt, textAt } from './data-table.ts';
export { readBounds, readDomainNumbers, readDomainPaths, readMixtureFile } from './domain-files.ts';
export { type InputFile, inputFile, readInputFile } from './input-file.ts';
export { columnsOf, readDataTable } from './read-table.ts';
export { splitLines } from './text-lines.ts';
export { decodeText, decodeUtf8 } from './utf8.ts';
export { bimixVersion } from './version.ts';
export { writeWholeFile } from './write-file.ts';
