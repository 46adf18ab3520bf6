export { type RenderedChart, renderCharts, renderReport } from './report.ts';
export type { ReferenceMixture, ReportInput } from './report-input.ts';
export { type PngOptions, svgToPng } from './svg-to-png.ts';
