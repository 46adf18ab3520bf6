export { compiledScript } from './compiled-script.ts';
export { COMPRESSION_HEAD_BYTES, checkCompression } from './compression.ts';
export { parseStructuredFile, readConfigFile, type StructuredFile } from './config-file.ts';
export { columnIndex, type DataTable, isMissing, numberAt, textAt } from './data-table.ts';
export { readBounds, readDomainNumbers, readDomainPaths } from './domain-files.ts';
export { followFile, pauseFor } from './growing-file.ts';
export { type InputFile, inputFile, readInputFile } from './input-file.ts';
export { mixtureOfFile, readMixtureFile } from './mixture-file.ts';
export { isStandardOutput } from './output-target.ts';
export {
  hasParquetMagic,
  type ParquetColumn,
  type ParquetFile,
  type ParquetGroup,
  type ParquetLeaf,
  readParquetColumn,
  readParquetFile,
} from './parquet/index.ts';
export {
  identify,
  isRunning,
  type ProcessIdentity,
  processIdentity,
  signalGroup,
  thisMachine,
} from './process-identity.ts';
export { readLaw } from './read-law.ts';
export { checkParquet, columnsOf, readDataTable } from './read-table.ts';
export { removeLeftovers, temporaryBeside } from './temporary-file.ts';
export { fileLines, splitLines } from './text-lines.ts';
export { decodeText, decodeUtf8 } from './utf8.ts';
export { bimixVersion } from './version.ts';
export { checkOutputFile, makeFolder, outputError, writeWholeFile } from './write-file.ts';
