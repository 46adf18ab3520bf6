export { csvTable } from './csv-table.ts';
export { decimalShares } from './decimals.ts';
export { type DesignPlan, designPlan } from './design-plan.ts';
export { exportWarnings } from './export-warnings.ts';
export type { About, ExportedMixture, Exporter, ExportOptions } from './exporter.ts';
export { EXPORTERS, exporterOfFile, findExporter } from './registry.ts';
export { checkPlanFile, type PlannedRun, runPlan } from './run-plan.ts';
