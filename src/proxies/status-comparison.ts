/** The newest losses of each run beside those of the other runs at the same data volume. */

import { namedValue } from '../mixture/index.ts';
import { type LossCheckpoint, meanOf } from './run-losses.ts';
import type { RunState } from './run-state.ts';

export interface ComparedLoss {
  readonly loss: number;
  /** Difference from the mean of the other runs at the same volume; null where no other run has been there. */
  readonly difference: number | null;
}

export interface RunComparison {
  /** Data volume of the newest checkpoint, in the run's unit; null where there is none. */
  readonly volume: number | null;
  /** Over evaluation domains, by the objective's weights; null while there are no losses. */
  readonly mean: ComparedLoss | null;
  /** By evaluation domain. */
  readonly losses: Readonly<Record<string, ComparedLoss>>;
}

/**
 * Other runs are taken at the same volume, between two of their checkpoints on a line in the logarithm of the volume. Runs that
 * diverged are nobody's yardstick.
 *
 * @param objective weights of evaluation domains; equal ones when null
 * @returns in the order of the states
 */
export function compareRuns(
  states: readonly RunState[],
  objective: Readonly<Record<string, number>> | null,
): readonly RunComparison[] {
  return states.map((state, index) => {
    const newest = newestOf(state);
    if (newest === undefined) return { volume: null, mean: null, losses: {} };
    const unit = state.losses?.volumeUnit;
    const others = states.filter(
      (other, n) => n !== index && other.state !== 'diverged' && other.losses?.volumeUnit === unit,
    );
    const compare = (value: (losses: LossCheckpoint['losses']) => number): ComparedLoss => {
      const loss = value(newest.losses);
      const there = others.flatMap(other => lossAt(other, newest.volume, value));
      const mean = there.reduce((sum, other) => sum + other, 0) / there.length;
      return { loss, difference: there.length === 0 || !Number.isFinite(loss) ? null : loss - mean };
    };
    const domains = Object.keys(newest.losses);
    return {
      volume: newest.volume ?? null,
      mean: compare(losses => meanOf(losses, objective)),
      losses: Object.fromEntries(
        domains.map(domain => [domain, compare(losses => namedValue(losses, domain) ?? Number.NaN)]),
      ),
    };
  });
}

function newestOf({ losses }: RunState): LossCheckpoint | undefined {
  return losses?.checkpoints.at(-1);
}

/** One loss, or none where the run has not been at that volume. */
function lossAt(
  { losses }: RunState,
  volume: number | undefined,
  value: (losses: LossCheckpoint['losses']) => number,
): number[] {
  const points = (losses?.checkpoints ?? []).map(checkpoint => ({
    at: checkpoint.volume,
    loss: value(checkpoint.losses),
  }));
  const measured = points.filter(({ loss }) => Number.isFinite(loss));
  if (volume === undefined) return measured.slice(-1).map(({ loss }) => loss);
  const known = measured.flatMap(({ at, loss }) => (at === undefined ? [] : [{ at, loss }]));
  const exact = known.find(({ at }) => at === volume);
  if (exact !== undefined) return [exact.loss];
  const after = known.findIndex(({ at }) => at > volume);
  if (after < 1 || known[after - 1].at <= 0) return [];
  const [a, b] = [known[after - 1], known[after]];
  const part = Math.log(volume / a.at) / Math.log(b.at / a.at);
  return [a.loss + part * (b.loss - a.loss)];
}
