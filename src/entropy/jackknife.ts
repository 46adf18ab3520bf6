/**
 * How far an estimate would scatter over other samples of documents, from leaving out one group of documents at a time.
 *
 * The delete-m_j jackknife for groups of unequal size: Busing, Meijer & van der Leeden 1999, "Delete-m jackknife for unequal
 * m". With h_j = n / m_j and pseudo-values h_j theta - (h_j - 1) theta_(j),
 *
 *   theta_J = G theta - sum_j (1 - m_j / n) theta_(j),   variance = 1/G sum_j (pseudo_j - theta_J)^2 / (h_j - 1)
 */

import { studentQuantile } from '../numerics/index.ts';

export interface Jackknife {
  readonly estimate: number;
  /** theta_J: the estimate less the part of its bias that falls like 1 / n. */
  readonly jackknifed: number;
  readonly standardError: number;
  /** Half the width of a 95 % interval for the scatter alone: Student's t on G - 1 degrees times the standard error. */
  readonly margin: number;
  /** G: groups that held anything. */
  readonly groups: number;
}

/**
 * @param estimate theta, from everything
 * @param sizes m_j: how much of the sample (tokens, pairs, documents) is in group j; 0 leaves the group out of account
 * @param without theta_(j): the estimate without group j; asked only for groups that hold some but not all of the sample
 * @returns null when fewer than two groups hold anything
 */
export function jackknife(
  estimate: number,
  sizes: readonly number[],
  without: (group: number) => number,
): Jackknife | null {
  const filled = Array.from(sizes.keys()).filter(j => sizes[j] > 0);
  const groups = filled.length;
  if (groups < 2) return null;
  const n = filled.reduce((sum, j) => sum + sizes[j], 0);
  const changes = filled.map(j => estimate - without(j));
  // theta_J = theta + sum_j (1 - m_j / n) (theta - theta_(j)): the same, without differences of large multiples.
  const shift = filled.reduce((sum, j, index) => sum + (1 - sizes[j] / n) * changes[index], 0);
  const variance = filled.reduce((sum, j, index) => {
    const multiple = n / sizes[j] - 1;
    return sum + (multiple * changes[index] - shift) ** 2 / multiple / groups;
  }, 0);
  const standardError = Math.sqrt(variance);
  const margin = studentQuantile(0.95, groups - 1) * standardError;
  return { estimate, jackknifed: estimate + shift, standardError, margin, groups };
}
