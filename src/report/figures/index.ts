export { FIGURES } from './all-figures.ts';
export type { Figure } from './figure.ts';
