/** How far the whole is, from the progress of its parts. */

import type { CountingProgress } from './domain-spec.ts';
import type { PartProgress, PartTask } from './part-task.ts';

export class ProgressMeter {
  readonly #onProgress: (progress: CountingProgress) => void;
  readonly #parts: number;
  readonly #bytes: number;
  readonly #latest = new Map<PartTask, PartProgress>();
  readonly #start = performance.now();
  readonly #partsBefore: number;
  #partsDone: number;
  #tokens = 0;
  #bytesDone = 0;

  /**
   * @param tasks to be done
   * @param partsDone before
   */
  constructor(tasks: readonly PartTask[], partsDone: number, onProgress: (progress: CountingProgress) => void) {
    this.#onProgress = onProgress;
    this.#parts = tasks.length + partsDone;
    this.#bytes = tasks.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#partsBefore = partsDone;
    this.#partsDone = partsDone;
  }

  update(task: PartTask, progress: PartProgress): void {
    const before = this.#latest.get(task) ?? { tokens: 0, bytes: 0 };
    // A sample reads what it reads; its estimate of bytes must not push the whole beyond its end.
    const bytes = Math.min(progress.bytes, task.bytes);
    this.#tokens += progress.tokens - before.tokens;
    this.#bytesDone += bytes - before.bytes;
    this.#latest.set(task, { tokens: progress.tokens, bytes });
    this.#tell(task.domain);
  }

  finish(task: PartTask): void {
    this.#partsDone++;
    this.#tell(task.domain);
  }

  /** After a part, or a twentieth of all bytes: the first ones include the start-up. */
  get #isPaceKnown(): boolean {
    return this.#bytesDone > 0 && (this.#partsDone > this.#partsBefore || 20 * this.#bytesDone >= this.#bytes);
  }

  #tell(domain: string): void {
    const seconds = (performance.now() - this.#start) / 1000;
    this.#onProgress({
      domain,
      tokens: this.#tokens,
      tokensPerSecond: this.#tokens / Math.max(seconds, 1e-3),
      secondsLeft: this.#isPaceKnown ? (seconds * (this.#bytes - this.#bytesDone)) / this.#bytesDone : null,
      partsDone: this.#partsDone,
      parts: this.#parts,
    });
  }
}
