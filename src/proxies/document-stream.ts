/** The endless tokens of one domain: its pieces head to tail in a new order each epoch, cut into sequences. */

import { pieceOf, type TokenPool } from './token-pool.ts';

export class DocumentStream {
  readonly #pool: TokenPool;
  readonly #orderOf: (epoch: number) => ArrayLike<number>;
  #epoch = 0;
  #order: ArrayLike<number>;
  /** Which piece of the order is next. */
  #place = 0;
  /** Tokens of it that are read. */
  #offset = 0;
  /** What the next token follows. */
  #previous: number;

  /**
   * @param end id that ends a document: what the first token follows
   * @param orderOf pieces in the order of an epoch, from 0
   */
  constructor(pool: TokenPool, end: number, orderOf: (epoch: number) => ArrayLike<number>) {
    this.#pool = pool;
    this.#orderOf = orderOf;
    this.#order = orderOf(0);
    this.#previous = end;
  }

  /** The next `targets.length` tokens and what each follows, so that an epoch has every token as target once. */
  read(inputs: Uint16Array, targets: Uint16Array): void {
    for (let at = 0; at < targets.length; ) {
      const rest = pieceOf(this.#pool, this.#order[this.#place]).subarray(this.#offset);
      const tokens = rest.subarray(0, targets.length - at);
      targets.set(tokens, at);
      at += tokens.length;
      this.#offset += tokens.length;
      if (tokens.length === rest.length) this.#nextPiece();
    }
    inputs[0] = this.#previous;
    inputs.set(targets.subarray(0, -1), 1);
    this.#previous = targets[targets.length - 1];
  }

  /** Goes to the place where the stream has given `position` tokens, 1 or more. */
  seek(position: number): void {
    const size = this.#pool.tokens.length;
    const last = position - 1;
    this.#epoch = Math.floor(last / size);
    this.#order = this.#orderOf(this.#epoch);
    this.#place = 0;
    this.#offset = last % size;
    for (;;) {
      const { length } = pieceOf(this.#pool, this.#order[this.#place]);
      if (this.#offset < length) break;
      this.#offset -= length;
      this.#place++;
    }
    this.read(new Uint16Array(1), new Uint16Array(1));
  }

  #nextPiece(): void {
    this.#offset = 0;
    this.#place++;
    if (this.#place < this.#order.length) return;
    this.#place = 0;
    this.#epoch++;
    this.#order = this.#orderOf(this.#epoch);
  }
}
