/** What the driver (src/engine) and the tests call. */

export { CHUNK } from './adamw';
export { claimAll } from './crew';
export { fillNormal, seedDraws } from './elementary';
export { multiply, MULTIPLY_SCRATCH, setMultiplyScratch } from './matrix-multiply';
export { enterWorkspace, layWorkspace } from './workspace';
