/** A short text that one thread writes and another reads while the first is busy. */

/** Bytes kept of a text. */
const CAPACITY = 512;
/** Places in the control words: a count of writings, odd while one is under way; the length; whether it is over; whether it was shown. */
const [WRITINGS, LENGTH, OVER, SHOWN, WORDS] = [0, 1, 2, 3, 4];

export class SharedText {
  readonly buffer: SharedArrayBuffer;
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #bytes: Uint8Array<SharedArrayBuffer>;

  /** @param buffer that of another thread's text; a new one unless given */
  constructor(buffer = new SharedArrayBuffer(4 * WORDS + CAPACITY)) {
    this.buffer = buffer;
    this.#control = new Int32Array(buffer, 0, WORDS);
    this.#bytes = new Uint8Array(buffer, 4 * WORDS);
  }

  write(text: string): void {
    const bytes = new TextEncoder().encode(text).subarray(0, CAPACITY);
    Atomics.add(this.#control, WRITINGS, 1);
    this.#bytes.set(bytes);
    this.#control[LENGTH] = bytes.length;
    Atomics.add(this.#control, WRITINGS, 1);
  }

  /** Undefined while it is being written. */
  read(): string | undefined {
    const before = Atomics.load(this.#control, WRITINGS);
    const bytes = this.#bytes.slice(0, this.#control[LENGTH]);
    const after = Atomics.load(this.#control, WRITINGS);
    return before === after && before % 2 === 0 ? new TextDecoder().decode(bytes) : undefined;
  }

  /** Says that the text was shown. */
  markShown(): void {
    Atomics.store(this.#control, SHOWN, 1);
  }

  /** Ends the display. @returns whether anything was shown */
  end(): boolean {
    Atomics.store(this.#control, OVER, 1);
    Atomics.notify(this.#control, OVER);
    return Atomics.load(this.#control, SHOWN) === 1;
  }

  /** Waits, for so many milliseconds or until it is over. @returns whether it is over */
  wait(milliseconds: number): boolean {
    Atomics.wait(this.#control, OVER, 0, milliseconds);
    return Atomics.load(this.#control, OVER) === 1;
  }
}
