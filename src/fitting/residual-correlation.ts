/** How targets err together: runs that are worse than the law says on one are often worse on others. */

export interface ResidualsOfTarget {
  /** n: row of the table of each residual, ascending. */
  readonly tableRows: Int32Array;
  /** n. */
  readonly residuals: Float64Array;
}

/** Correlations over the rows that both targets have: the rows of the lower triangle without its diagonal. */
export function residualCorrelation(targets: readonly ResidualsOfTarget[]): number[] {
  return targets.flatMap((a, i) => targets.slice(0, i).map(b => Number(correlation(a, b).toFixed(4))));
}

/** About zero, since residuals are; 0 where either is constant. */
function correlation(a: ResidualsOfTarget, b: ResidualsOfTarget): number {
  const byRow = new Map(Array.from(b.tableRows, (row, n) => [row, b.residuals[n]]));
  let ab = 0;
  let aa = 0;
  let bb = 0;
  a.tableRows.forEach((row, n) => {
    const other = byRow.get(row);
    if (other === undefined) return;
    ab += a.residuals[n] * other;
    aa += a.residuals[n] ** 2;
    bb += other ** 2;
  });
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
