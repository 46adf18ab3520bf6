/** Byte pair encoding of one pre-token: merge the pair of lowest rank, the leftmost of equals, until no pair can merge. */

export interface BpeRules {
  /** Id of each of the 256 bytes. */
  readonly byteIds: ArrayLike<number>;
  /** The pairs that merge; of a pair given twice, the last holds. */
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  /** Lower merges first; below 2^21. Pairs that make the same token may share one. */
  readonly rank: ArrayLike<number>;
  /** Id of what the pairs of each rank become. */
  readonly resultOfRank: ArrayLike<number>;
}

const NO_PAIR = 2 ** 31 - 1;
const GONE = -1;
/** A queue entry is rank * POSITIONS + position: ordered by rank, then from left to right. */
const POSITIONS = 2 ** 32;

/**
 * Merges with a queue over a linked list: n log n for a word of n bytes, so that a document that is one word of a megabyte
 * takes a second and not a day.
 */
export class BpeMerger {
  readonly #byteIds: Uint32Array;
  readonly #results: Uint32Array;
  /** Open hash table of left, right and rank, in groups of four; a left of -1 is free. */
  readonly #table: Int32Array;
  readonly #lastGroup: number;

  #ids = new Uint32Array(0);
  /** Rank of the pair that begins at a position. */
  #ranks = new Int32Array(0);
  #next = new Int32Array(0);
  #previous = new Int32Array(0);
  #queue = new Float64Array(0);
  #queued = 0;

  constructor(rules: BpeRules) {
    this.#byteIds = Uint32Array.from(rules.byteIds);
    this.#results = Uint32Array.from(rules.resultOfRank);
    let groups = 4;
    while (groups < 2 * rules.left.length) groups *= 2;
    this.#table = new Int32Array(4 * groups).fill(-1);
    this.#lastGroup = groups - 1;
    for (let i = 0; i < rules.left.length; i++) this.#addPair(rules.left[i], rules.right[i], rules.rank[i]);
    this.#makeRoom(256);
  }

  /** Ids of the first `length` bytes, in place: valid until the next call. */
  merge(bytes: Uint8Array, length: number): Uint32Array {
    if (length > this.#ids.length) this.#makeRoom(2 * length);
    const ids = this.#ids;
    const ranks = this.#ranks;
    const next = this.#next;
    const previous = this.#previous;
    for (let i = 0; i < length; i++) {
      ids[i] = this.#byteIds[bytes[i]];
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    this.#queued = 0;
    for (let i = 0; i + 1 < length; i++) this.#enter(i, ids[i], ids[i + 1]);
    if (length > 0) ranks[length - 1] = NO_PAIR;

    while (this.#queued > 0) {
      const first = this.#takeFirst();
      const rank = Math.floor(first / POSITIONS);
      const at = first - rank * POSITIONS;
      // Stale when one of the two has merged with another neighbour since.
      if (ranks[at] !== rank) continue;
      const gone = next[at];
      const after = next[gone];
      ids[at] = this.#results[rank];
      ranks[gone] = GONE;
      next[at] = after;
      if (after < length) {
        previous[after] = at;
        this.#enter(at, ids[at], ids[after]);
      } else {
        ranks[at] = NO_PAIR;
      }
      const before = previous[at];
      if (before >= 0) this.#enter(before, ids[before], ids[at]);
    }

    let count = 0;
    for (let i = 0; i < length; i = next[i]) ids[count++] = ids[i];
    return ids.subarray(0, count);
  }

  #addPair(left: number, right: number, rank: number): void {
    const table = this.#table;
    let group = hashPair(left, right) & this.#lastGroup;
    while (table[4 * group] >= 0 && (table[4 * group] !== left || table[4 * group + 1] !== right)) {
      group = (group + 1) & this.#lastGroup;
    }
    table[4 * group] = left;
    table[4 * group + 1] = right;
    table[4 * group + 2] = rank;
  }

  #rankOf(left: number, right: number): number {
    const table = this.#table;
    for (let group = hashPair(left, right) & this.#lastGroup; ; group = (group + 1) & this.#lastGroup) {
      const known = table[4 * group];
      if (known === left && table[4 * group + 1] === right) return table[4 * group + 2];
      if (known < 0) return NO_PAIR;
    }
  }

  #enter(at: number, left: number, right: number): void {
    const rank = this.#rankOf(left, right);
    this.#ranks[at] = rank;
    if (rank === NO_PAIR) return;
    const queue = this.#queue;
    const entry = rank * POSITIONS + at;
    let i = this.#queued++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (queue[parent] <= entry) break;
      queue[i] = queue[parent];
      i = parent;
    }
    queue[i] = entry;
  }

  #takeFirst(): number {
    const queue = this.#queue;
    const first = queue[0];
    const size = --this.#queued;
    const moved = queue[size];
    let i = 0;
    for (let child = 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && queue[child + 1] < queue[child]) child++;
      if (queue[child] >= moved) break;
      queue[i] = queue[child];
      i = child;
    }
    queue[i] = moved;
    return first;
  }

  #makeRoom(length: number): void {
    this.#ids = new Uint32Array(length);
    this.#ranks = new Int32Array(length);
    this.#next = new Int32Array(length);
    this.#previous = new Int32Array(length);
    // Each position enters once at first, and each merge enters two.
    this.#queue = new Float64Array(3 * length);
  }
}

function hashPair(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 8;
}
