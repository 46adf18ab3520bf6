/**
 * How the learning rate of runs goes. Where it decays, a checkpoint inside a run has a higher loss than a run that ends there,
 * so that losses inside a run do not say what a longer or shorter run would reach.
 */

export const SCHEDULES = ['constant', 'cosine', 'linear', 'wsd', 'unknown'] as const;

/** `wsd`: warm-up, stable, decay. */
export type Schedule = (typeof SCHEDULES)[number];
