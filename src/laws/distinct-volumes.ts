/** Checkpoints of different runs mostly share their volumes, so a law raises each distinct volume to a power once. */

export interface DistinctVolumes {
  /** Natural logarithm of each distinct volume. */
  readonly logs: Float64Array;
  /** n: index into `logs` of each row. */
  readonly rowIndex: Int32Array;
}

/** @param volume n positive volumes */
export function distinctVolumes(volume: Float64Array): DistinctVolumes {
  const index = new Map<number, number>();
  const rowIndex = Int32Array.from(volume, x => {
    const known = index.get(x);
    if (known !== undefined) return known;
    index.set(x, index.size);
    return index.size - 1;
  });
  return { logs: Float64Array.from(index.keys(), Math.log), rowIndex };
}
