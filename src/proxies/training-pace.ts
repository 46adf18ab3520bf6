/** How fast a run goes. */

import type { RunProgress } from './run-progress.ts';

/** Least milliseconds between two writings of the progress. */
const INTERVAL = 1000;
/** The pace of a run is known after this part of it: its first steps include the start-up. */
const KNOWN_PART = 1 / 20;

export class TrainingPace {
  readonly #secondsBefore: number;
  readonly #multiplied: number;
  readonly #started = performance.now();
  #written = Number.NEGATIVE_INFINITY;
  #tokens = 0;
  #milliseconds = 0;

  /**
   * @param secondsBefore of earlier attempts
   * @param multiplied parameters that every token is multiplied with
   */
  constructor(secondsBefore: number, multiplied: number) {
    this.#secondsBefore = secondsBefore;
    this.#multiplied = multiplied;
  }

  /** On the clock, over all attempts. */
  get seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#started) / 1000;
  }

  /** Counts a step of this many tokens. */
  async time<T>(tokens: number, step: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const value = await step();
    this.#milliseconds += performance.now() - begun;
    this.#tokens += tokens;
    return value;
  }

  progress(now: Pick<RunProgress, 'tokens' | 'of' | 'trainingLoss'> & { readonly isOver: boolean }): RunProgress {
    const { tokens, of, trainingLoss, isOver } = now;
    const tokensPerSecond = (this.#tokens / Math.max(this.#milliseconds, 1e-3)) * 1000;
    const { seconds } = this;
    return {
      tokens,
      of,
      trainingLoss: trainingLoss !== null && Number.isFinite(trainingLoss) ? trainingLoss : null,
      tokensPerSecond,
      gigaflopsPerSecond: (6 * this.#multiplied * tokensPerSecond) / 1e9,
      seconds,
      secondsLeft: isOver ? 0 : tokens < of * KNOWN_PART ? null : (seconds / tokens) * (of - tokens),
      updated: new Date().toISOString(),
    };
  }

  /** Whether to write the progress now; always at the end. */
  isDue(isOver: boolean): boolean {
    const now = performance.now();
    if (!isOver && now - this.#written < INTERVAL) return false;
    this.#written = now;
    return true;
  }
}
