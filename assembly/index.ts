/** What the driver (src/engine) calls, and the kernels that are tested alone. */

export { CHUNK } from './adamw';
export { claimAll } from './crew';
export { exp, fillNormal, log, seedDraws } from './elementary';
export { gelu } from './gelu';
export { multiply, MULTIPLY_SCRATCH, setMultiplyScratch } from './matrix-multiply';
export { enterWorkspace, layWorkspace } from './workspace';
