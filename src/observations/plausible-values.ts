/** Bounds of what a table may hold. Beyond them arithmetic overflows, and no training run has such values. */

/** Nats per token, or bits per byte. */
export const MIN_LOSS = 1e-9;
export const MAX_LOSS = 1e6;

/** Tokens or steps; below 1 where a table counts in billions. */
export const MIN_VOLUME = 1e-9;
export const MAX_VOLUME = 1e18;

/** Parameters. */
export const MAX_SIZE = 1e18;
