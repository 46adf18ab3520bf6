/** Names for runs of tables that give them none: a run is then a mixture at a model size (and seed). */

interface Unnamed {
  readonly size?: number;
  readonly seed?: number;
  /** Shares in file order. */
  readonly mixture: ArrayLike<number>;
}

/**
 * The name of each row's run: the index of its mixture among the unique mixtures of its size, zero-padded to three digits
 * (more where there are more than a thousand), and the seed where there is one. Mixtures count as one when their normalized
 * shares agree to five decimals; they are sorted by the share of the first domain, then the second, ...
 */
export function runNames(rows: readonly Unnamed[]): (row: Unnamed) => string {
  const mixturesOfSize = new Map<number | undefined, Map<string, readonly number[]>>();
  for (const row of rows) {
    const mixtures = mixturesOfSize.get(row.size) ?? new Map<string, readonly number[]>();
    const rounded = roundedShares(row.mixture);
    mixturesOfSize.set(row.size, mixtures.set(rounded.join(), rounded));
  }
  const names = new Map<string, string>();
  for (const [size, mixtures] of mixturesOfSize) {
    const sorted = [...mixtures.values()].sort(lexicographic);
    const digits = Math.max(3, String(sorted.length - 1).length);
    sorted.forEach((mixture, index) => {
      names.set(`${size}:${mixture.join()}`, String(index).padStart(digits, '0'));
    });
  }
  return row => {
    const name = names.get(`${row.size}:${roundedShares(row.mixture).join()}`) as string;
    return row.seed === undefined ? name : `${name}-seed${row.seed}`;
  };
}

/** In units of 1e-5. */
function roundedShares(mixture: ArrayLike<number>): number[] {
  const shares = Array.from(mixture);
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map(share => Math.round((share / sum) * 1e5));
}

function lexicographic(a: readonly number[], b: readonly number[]): number {
  const j = a.findIndex((share, index) => share !== b[index]);
  return j < 0 ? 0 : a[j] - b[j];
}
