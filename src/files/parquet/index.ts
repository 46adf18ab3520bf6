export {
  hasParquetMagic,
  type ParquetColumn,
  type ParquetFile,
  type ParquetGroup,
  type ParquetLeaf,
  readParquetFile,
} from './parquet-file.ts';
export { isParquet, parquetColumns, readParquet } from './parquet-table.ts';
export { readParquetColumn } from './read-column.ts';
