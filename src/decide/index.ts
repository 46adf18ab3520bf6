export { type CommonObjective, commonObjective } from './common-objective.ts';
export { type Asked, DECIDING_LAWS, type DecideOptions, type DecideStep, decide } from './decide.ts';
export type { Confidence, ConfidenceLevel, Decision, Gain, KeyDomain, LimitCost, Opinion } from './decision.ts';
export { changesInWords, decisionInWords, gainInWords, insteadInWords } from './decision-in-words.ts';
