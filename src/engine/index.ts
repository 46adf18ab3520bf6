export { createEngine } from './create-engine.ts';
export type { Engine, EngineOptions, ModelShape, Optimizer, StepResult, TokenBatch } from './engine.ts';
export { multiplyLimit } from './multiply-limit.ts';
