/** How long work still takes, by its pace so far. */

/** The pace is known after this part of the work, or after one unit of it. */
const KNOWN_PART = 1 / 20;

/**
 * Silent until it knows: until one unit of work, or a twentieth of it all, was done since the first look. The pace is the mean
 * since the work began to move, so that neither a start-up nor a slow moment throws the estimate.
 */
export class TimeLeft {
  readonly #clock: () => number;
  #start: { readonly done: number; readonly time: number } | undefined;

  /** @param clock milliseconds from any fixed moment */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /**
   * @param done of `total`, in any unit, work of earlier sessions included
   * @param unit how much of it is one unit of work
   * @returns milliseconds; undefined while not known
   */
  after(done: number, total: number, unit: number): number | undefined {
    const pace = this.pace(done, total, unit);
    return pace === undefined ? undefined : Math.max(0, total - done) / pace;
  }

  /** How much is done in a millisecond; parameters as `after`. */
  pace(done: number, total: number, unit: number): number | undefined {
    const now = this.#clock();
    const moved = done - (this.#start?.done ?? done);
    if (this.#start === undefined || moved <= 0) this.#start = { done, time: now };
    const elapsed = now - this.#start.time;
    return moved > 0 && elapsed > 0 && moved >= Math.min(unit, total * KNOWN_PART) ? moved / elapsed : undefined;
  }
}
