export { DIGITS, exactDecimals } from './decimals.ts';
export type { Exported, Exporter, ExportOptions } from './exporter.ts';
export { type MixtureSheet, sheetOfProposal } from './mixture-sheet.ts';
export { EXPORTERS, exporterForFile, findExporter } from './registry.ts';
