/** The losses of one run, whoever trained it. */

import type { Place } from '../errors/index.ts';
import { namedValue } from '../mixture/index.ts';
import type { Finding, LossUnit, MetricUnit, Schedule, VolumeUnit } from '../observations/index.ts';

export interface LossCheckpoint {
  /** In the unit of the run; left out when that is `none`. */
  readonly volume?: number;
  /** By evaluation domain; NaN or infinite where the run broke, left out where it was not measured. */
  readonly losses: Readonly<Record<string, number>>;
  readonly where: Place;
}

export interface RunLosses {
  /** In the order they were taken. */
  readonly checkpoints: readonly LossCheckpoint[];
  readonly volumeUnit: VolumeUnit;
  readonly tokensPerStep: number | null;
  readonly lossUnit: LossUnit;
  readonly metrics: Readonly<Record<string, MetricUnit>>;
  readonly schedule: Schedule | null;
  /** Parameters of the model. */
  readonly size: number | null;
  /** Shares of tokens as they were drawn; null where nobody counted. */
  readonly shares: Readonly<Record<string, number>> | null;
  /** Why the run counts as diverged; null when it does not. */
  readonly diverged: string | null;
  readonly findings: readonly Finding[];
  /** What they were read from. */
  readonly files: readonly string[];
}

/** In a diverged run every last loss lies above its lowest by more than this part: data repeated too often causes smaller rises. */
const RISE = 0.25;

/** Why a run's losses show that it diverged; null when they do not. */
export function divergenceOf(checkpoints: readonly LossCheckpoint[]): string | null {
  const broken = checkpoints.find(({ losses }) => Object.values(losses).some(loss => !Number.isFinite(loss)));
  if (broken !== undefined) {
    const [domain] = Object.entries(broken.losses).find(([, loss]) => !Number.isFinite(loss)) ?? [];
    return `the loss of "${domain}" is not a finite number`;
  }
  // A domain that a run hardly trains on may well get worse: one that falls is enough.
  const rises = Object.entries(checkpoints.at(-1)?.losses ?? {}).map(([domain, last]) => {
    const all = checkpoints.flatMap(({ losses }) => namedValue(losses, domain) ?? []);
    return last / Math.min(...all) - 1;
  });
  const least = Math.min(...rises);
  if (rises.length === 0 || !(least > RISE)) return null;
  return `every loss rose at the end, by ${Math.floor(100 * least)} % and more above its lowest`;
}

/**
 * Mean over evaluation domains.
 *
 * @param weights of evaluation domains, 0 for those left out; equal ones by default
 * @returns NaN where none that counts was measured
 */
export function meanOf(
  losses: Readonly<Record<string, number>>,
  weights: Readonly<Record<string, number>> | null = null,
): number {
  let sum = 0;
  let total = 0;
  for (const [domain, loss] of Object.entries(losses)) {
    const weight = weights === null ? 1 : (namedValue(weights, domain) ?? 0);
    if (weight === 0) continue;
    sum += weight * loss;
    total += weight;
  }
  return total === 0 ? Number.NaN : sum / total;
}
