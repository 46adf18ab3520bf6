export { FIGURES } from './all-figures.ts';
export type { Figure, FigureMaker } from './figure.ts';
export { drawFront } from './pareto-front.ts';
