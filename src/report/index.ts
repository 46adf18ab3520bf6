export {
  type ComparisonReportOptions,
  renderComparisonReport,
} from './comparison-report.ts';
export { type EntropyReportOptions, renderEntropyCharts, renderEntropyReport } from './entropy-report.ts';
export { renderFrontChart } from './front-chart.ts';
export type { RenderedChart } from './rendering.ts';
export { renderCharts, renderReport } from './report.ts';
export type { ReferenceMixture, ReportInput } from './report-input.ts';
export { svgToPng } from './svg-to-png.ts';
