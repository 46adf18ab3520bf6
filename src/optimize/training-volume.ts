/** The data volume a mixture is asked about: in the unit of the law's fit for its losses, in tokens for epochs. */

import { BimixError } from '../errors/index.ts';
import { extrapolationFactor, type FittedLaw, scheduleWarnings, type Warning } from '../laws/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { sizeWarnings } from './size-warnings.ts';

/** How long a model is trained. */
export interface TrainingVolume {
  readonly unit: 'tokens' | 'steps';
  readonly value: number;
}

export interface ResolvedVolume {
  /** In the unit of the law's fit. */
  readonly atFit: number;
  /** The same in tokens; null where it cannot be known. */
  readonly tokens: number | null;
  /** As `extrapolationFactor`: 1 within the runs. */
  readonly extrapolation: number;
  readonly warnings: readonly Warning[];
}

/**
 * Steps become tokens and tokens steps where the tokens in a step are known. A law fitted at one unknown volume takes
 * none: a budget in tokens then only counts tokens and epochs.
 *
 * @throws BimixError `missing-volume`, or `invalid-volume` when it is not positive or its unit cannot be converted
 */
export function resolveVolume(fitted: FittedLaw, volume: TrainingVolume | undefined): ResolvedVolume {
  const { unit, scale, largest } = fitted.volume;
  if (volume !== undefined && !(volume.value > 0 && Number.isFinite(volume.value))) {
    const message = `invalid volume ${volume.value}: expected a positive count of ${volume.unit}`;
    throw new BimixError('invalid-volume', message);
  }
  if (unit === 'none') return atUnknownVolume(scale, volume, sizeWarnings(fitted));
  if (volume === undefined) {
    throw new BimixError('missing-volume', `missing data volume: the law was fitted in ${unit}`, {
      hint: `Say how long the model will be trained, for example --${unit} ${formatQuantity(largest)}.`,
    });
  }
  const inUnit = { tokens: volumeIn('tokens', fitted, volume), steps: volumeIn('steps', fitted, volume) };
  const atFit = inUnit[unit];
  if (atFit === null) {
    const message = `invalid volume in ${volume.unit}: the law was fitted on ${unit}, and the tokens in a step are not known`;
    throw new BimixError('invalid-volume', message, {
      hint: `Give the volume in ${unit}, or say at import how many tokens a step has.`,
    });
  }
  return {
    atFit,
    tokens: inUnit.tokens,
    extrapolation: extrapolationFactor(fitted, atFit),
    warnings: [...volumeWarnings(fitted, atFit), ...sizeWarnings(fitted)],
  };
}

function atUnknownVolume(
  scale: number,
  volume: TrainingVolume | undefined,
  warnings: readonly Warning[],
): ResolvedVolume {
  if (volume === undefined) return { atFit: scale, tokens: null, extrapolation: 1, warnings };
  if (volume.unit === 'steps') {
    throw new BimixError('invalid-volume', 'invalid volume in steps: the law was fitted without a data volume', {
      hint: 'Give the budget in tokens; it is used to count tokens and epochs.',
    });
  }
  const message =
    'the law was fitted without a data volume, so this mixture is best for runs as long as those of the fit; the budget is used for tokens and epochs only';
  const ignored = { code: 'volume-ignored', message };
  return { atFit: scale, tokens: volume.value, extrapolation: 1, warnings: [ignored, ...warnings] };
}

function volumeIn(unit: TrainingVolume['unit'], fitted: FittedLaw, volume: TrainingVolume): number | null {
  const { tokensPerStep } = fitted.volume;
  if (volume.unit === unit) return volume.value;
  if (tokensPerStep === undefined) return null;
  return unit === 'tokens' ? volume.value * tokensPerStep : volume.value / tokensPerStep;
}

/** Nothing within 5 % of the volumes of the runs. */
function volumeWarnings(fitted: FittedLaw, atFit: number): Warning[] {
  const { unit, smallest, largest } = fitted.volume;
  const asked = `${formatQuantity(atFit)} ${unit}`;
  // Without a term for the volume, losses do not change with it.
  const isFlat = fitted.targets.every(({ volumeVaries }) => !volumeVaries);
  const consequence = isFlat
    ? `all runs were measured at one volume, so the losses are those at ${formatQuantity(largest)}`
    : 'losses and mixture are extrapolated';
  const factor = extrapolationFactor(fitted, atFit);
  if (factor > 1) {
    const times = Number(factor.toPrecision(3));
    const message = `${asked} is ${times} times the largest volume of the runs (${formatQuantity(largest)}): ${consequence}`;
    return [{ code: 'volume-beyond-runs', message }, ...scheduleWarnings(fitted.volume)];
  }
  if (atFit < smallest / 1.05) {
    const message = `${asked} is below the smallest volume of the runs (${formatQuantity(smallest)}): ${consequence}`;
    return [{ code: 'volume-beyond-runs', message }];
  }
  return [];
}
