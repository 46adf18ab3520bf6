/**
 * Grows one regression tree after another on the same rows. Rows are sorted by each feature once; a split divides every
 * feature's order, keeping it sorted, so that a leaf is a stretch of each and its splits are found in one pass over them.
 */

export interface TreeSettings {
  readonly leaves: number;
  readonly rowsPerLeaf: number;
  readonly penalty: number;
  readonly learningRate: number;
}

/** Trees, one after the other, each node before its left and then its right part. */
export interface Nodes {
  /** Feature a node splits on, -1 in a leaf. */
  readonly feature: number[];
  /** Threshold of a split, value of a leaf. */
  readonly value: number[];
}

/** A leaf that may still be split: a stretch of every order, and the best split of it. */
interface Leaf {
  readonly from: number;
  readonly to: number;
  readonly sum: number;
  /** What the best split takes off the sum of squares; 0 without one. */
  readonly gain: number;
  readonly feature: number;
  /** Where the right part of the best split begins, and its left part's sum. */
  readonly middle: number;
  readonly leftSum: number;
  /** Set once it is split. */
  parts?: readonly [Leaf, Leaf];
  threshold?: number;
}

export class TreeGrower {
  private readonly features: Float64Array;
  private readonly columns: number;
  private readonly rows: number;
  private readonly settings: TreeSettings;
  /** d x n: rows sorted by each feature. */
  private readonly sorted: Int32Array;
  /** d x n: rank of each row's value among the feature's different values. */
  private readonly ranks: Int32Array;
  /** d x n: the orders of the tree that is grown. */
  private readonly order: Int32Array;
  private readonly goesLeft: Uint8Array;
  private readonly waiting: Int32Array;
  /** Leaf values are whole multiples of one over this, so that they are written in few digits. */
  private readonly resolution: number;

  /**
   * @param features n x d, row-major
   * @param resolution leaf values are rounded to whole multiples of one over it
   */
  constructor(features: Float64Array, columns: number, settings: TreeSettings, resolution: number) {
    const rows = features.length / columns;
    this.features = features;
    this.columns = columns;
    this.rows = rows;
    this.settings = settings;
    this.resolution = resolution;
    this.sorted = new Int32Array(columns * rows);
    this.ranks = new Int32Array(columns * rows);
    this.order = new Int32Array(columns * rows);
    this.goesLeft = new Uint8Array(rows);
    this.waiting = new Int32Array(rows);
    for (let f = 0; f < columns; f++) {
      const value = (row: number): number => features[row * columns + f];
      const order = this.sorted.subarray(f * rows, (f + 1) * rows);
      for (let row = 0; row < rows; row++) order[row] = row;
      order.sort((a, b) => value(a) - value(b) || a - b);
      let rank = 0;
      order.forEach((row, i) => {
        if (i > 0 && value(row) !== value(order[i - 1])) rank++;
        this.ranks[f * rows + row] = rank;
      });
    }
  }

  /**
   * Grows a tree, appends it to `nodes` and takes its values off the residuals.
   *
   * @returns false, with nothing done, when no split lowers the sum of squares
   */
  grow(residuals: Float64Array, nodes: Nodes): boolean {
    this.order.set(this.sorted);
    let sum = 0;
    for (const residual of residuals) sum += residual;
    const root = this.leaf(0, this.rows, sum, residuals);
    const open = [root];
    for (let leaves = 1; leaves < this.settings.leaves; leaves++) {
      let best = 0;
      for (let i = 1; i < open.length; i++) if (open[i].gain > open[best].gain) best = i;
      if (!(open[best].gain > 0)) break;
      const parts = this.split(open[best], residuals);
      open[best] = parts[0];
      open.push(parts[1]);
    }
    if (root.parts === undefined) return false;
    this.write(root, residuals, nodes);
    return true;
  }

  private leaf(from: number, to: number, sum: number, residuals: Float64Array): Leaf {
    const { rows, columns, order, ranks } = this;
    const { rowsPerLeaf, penalty } = this.settings;
    const whole = (sum * sum) / (to - from + penalty);
    // A gain within rounding of nothing is none.
    let score = whole * (1 + 1e-12) + 1e-300;
    let feature = -1;
    let middle = from;
    let leftSum = 0;
    const last = to - rowsPerLeaf;
    for (let f = 0; from + rowsPerLeaf <= last && f < columns; f++) {
      const base = f * rows;
      if (ranks[base + order[base + from]] === ranks[base + order[base + to - 1]]) continue;
      let left = 0;
      let i = from;
      for (; i < from + rowsPerLeaf - 1; i++) left += residuals[order[base + i]];
      let rank = ranks[base + order[base + i]];
      for (; i < last; i++) {
        left += residuals[order[base + i]];
        const next = ranks[base + order[base + i + 1]];
        if (next === rank) continue;
        rank = next;
        const right = sum - left;
        const trial = (left * left) / (i + 1 - from + penalty) + (right * right) / (to - i - 1 + penalty);
        if (trial > score) {
          score = trial;
          feature = f;
          middle = i + 1;
          leftSum = left;
        }
      }
    }
    return { from, to, sum, gain: feature < 0 ? 0 : score - whole, feature, middle, leftSum };
  }

  private split(leaf: Leaf, residuals: Float64Array): readonly [Leaf, Leaf] {
    const { rows, columns, order, goesLeft, waiting, features } = this;
    const { from, to, feature, middle } = leaf;
    const base = feature * rows;
    for (let i = from; i < to; i++) goesLeft[order[base + i]] = i < middle ? 1 : 0;
    const below = features[order[base + middle - 1] * columns + feature];
    const above = features[order[base + middle] * columns + feature];
    leaf.threshold = shortestBetween(below, above);
    for (let f = 0; f < columns; f++) {
      if (f === feature) continue;
      const start = f * rows;
      let left = start + from;
      let right = 0;
      for (let i = start + from; i < start + to; i++) {
        const row = order[i];
        if (goesLeft[row] === 1) order[left++] = row;
        else waiting[right++] = row;
      }
      for (let i = 0; i < right; i++) order[left + i] = waiting[i];
    }
    leaf.parts = [
      this.leaf(from, middle, leaf.leftSum, residuals),
      this.leaf(middle, to, leaf.sum - leaf.leftSum, residuals),
    ];
    return leaf.parts;
  }

  private write(leaf: Leaf, residuals: Float64Array, nodes: Nodes): void {
    if (leaf.parts !== undefined) {
      nodes.feature.push(leaf.feature);
      nodes.value.push(leaf.threshold as number);
      for (const part of leaf.parts) this.write(part, residuals, nodes);
      return;
    }
    const { learningRate, penalty } = this.settings;
    const step = (learningRate * leaf.sum) / (leaf.to - leaf.from + penalty);
    const value = Math.round(step * this.resolution) / this.resolution;
    nodes.feature.push(-1);
    nodes.value.push(value);
    for (let i = leaf.from; i < leaf.to; i++) residuals[this.order[i]] -= value;
  }
}

/** The number of fewest digits in the middle half between two values, so that thresholds are short when written. */
export function shortestBetween(below: number, above: number): number {
  const gap = above - below;
  const middle = below + gap / 2;
  for (let digits = 1; digits < 17; digits++) {
    const rounded = Number(middle.toPrecision(digits));
    if (Math.abs(rounded - middle) <= gap / 4) return rounded;
  }
  return middle < above ? middle : below;
}
