export type { FitConvergence, FitQuality, FittedLaw, FittedTarget, Warning } from './fitted-law.ts';
export type { Design, Law, LossOfShares, Model, Parameter, PriorTerm, TargetShape } from './law.ts';
