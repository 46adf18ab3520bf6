/** Whether a run has diverged. */

/** Share of the newest step in the smoothed loss. */
const NEWEST = 0.05;
/** Nats above its lowest at which a smoothed loss counts as risen: a stretch of harder text takes it up by half as much. */
const RISE = 1;
/** Steps in a row after which it is not a spike that heals. */
const PATIENCE = 50;

export interface LossWatchState {
  readonly smoothed: number | null;
  readonly lowest: number | null;
  /** Steps in a row that the smoothed loss has been risen. */
  readonly risen: number;
}

/**
 * Watches training losses step by step: diverged is a loss or gradient that is not a finite number, or an exponentially smoothed
 * loss (weight 0.05 a step) that stays more than a nat above its lowest for 50 steps.
 */
export class LossWatch {
  #state: LossWatchState;

  constructor(state: LossWatchState = { smoothed: null, lowest: null, risen: 0 }) {
    this.#state = state;
  }

  get state(): LossWatchState {
    return this.#state;
  }

  /** What is wrong after a step, or null. */
  add(loss: number, gradientNorm: number): string | null {
    if (!Number.isFinite(loss)) return 'the training loss is not a finite number';
    if (!Number.isFinite(gradientNorm)) return 'the gradient is not finite';
    const before = this.#state;
    const smoothed = before.smoothed === null ? loss : before.smoothed + NEWEST * (loss - before.smoothed);
    const lowest = before.lowest === null ? smoothed : Math.min(before.lowest, smoothed);
    const risen = smoothed > lowest + RISE ? before.risen + 1 : 0;
    this.#state = { smoothed, lowest, risen };
    if (risen < PATIENCE) return null;
    return `the training loss has been more than a nat above its lowest for ${PATIENCE} steps`;
  }
}
