export { comparisonBody } from './comparison-body.ts';
export { type ComparisonContext, comparisonContext } from './comparison-context.ts';
export { COMPARISON_FIGURES } from './figures.ts';
