export { FIGURES } from './all-figures.ts';
export type { Figure, FigureMaker } from './figure.ts';
