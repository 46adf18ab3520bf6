export { renderCharts, renderReport } from './report.ts';
export type { ReferenceMixture, ReportInput } from './report-input.ts';
export { svgToPng } from './svg-to-png.ts';
