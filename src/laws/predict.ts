/**
 * Losses that a fitted law predicts: at one mixture, at rows of runs, and as functions of the mixture for the optimizer.
 *
 * All but `predictCheckpoints` follow the law's smooth curve in the volume, along which no loss rises: what runs share at a
 * measured checkpoint belongs to that checkpoint, and must not decide on a mixture.
 */

import { BimixError } from '../errors/index.ts';
import { predictRegression } from '../regression/index.ts';
import { thetaAtCheckpoint } from './checkpoint-effects.ts';
import { type Correction, correctionFeatures } from './correction.ts';
import type { FittedLaw, FittedTarget } from './fitted-law.ts';
import { geometricMean } from './geometric-mean.ts';
import { type Design, isStack, type Law, type LossOfShares, type Stack, type TargetShape } from './law.ts';
import { findLaw } from './registry.ts';
import { weightName } from './stack.ts';

/**
 * x at which the smooth curve reads a correction that knows the volume: that of the largest volume of the fit. Trees step from
 * one checkpoint to the next, and a loss that steps up along the volume is no forecast.
 */
const CORRECTION_VOLUME = 1;

/** exp() of more is no number. */
const MAX_LOG_LOSS = 700;

/** What the law needs to know of a fitted target. */
export function shapeOfTarget(fitted: FittedLaw, target: FittedTarget): TargetShape {
  return {
    domains: fitted.trainingDomains,
    own: target.own === null ? -1 : fitted.trainingDomains.indexOf(target.own),
    volumeVaries: target.volumeVaries,
    shareVaries: target.shareVaries,
    sizeVaries: (fitted.sizes?.length ?? 1) > 1,
  };
}

/**
 * The parameter vector of a fitted target.
 *
 * @throws BimixError `missing-coefficient` when `law.json` lacks one of the law's coefficients, `invalid-coefficient` when a
 * scale is negative
 */
export function thetaOfTarget(law: Law, shape: TargetShape, target: FittedTarget): Float64Array {
  return Float64Array.from(law.parameters(shape), parameter => {
    const value = coefficient(law, target, parameter.name);
    if (parameter.scale === 'linear') return value;
    if (value >= 0) return Math.log(value);
    throw negativeCoefficient(parameter.name, value, target);
  });
}

function negativeCoefficient(name: string, value: number, { target }: FittedTarget): BimixError {
  const message = `invalid coefficient ${name} = ${value} of target "${target}": expected 0 or more`;
  return new BimixError('invalid-coefficient', message, { hint: 'Fit the law again with bimix fit.' });
}

function coefficient(law: Law | Stack, { target, coefficients }: FittedTarget, name: string): number {
  const value = coefficients[name];
  if (value !== undefined && Number.isFinite(value)) return value;
  const message = `missing coefficient "${name}" of target "${target}" in a ${law.name} law`;
  throw new BimixError('missing-coefficient', message, { hint: 'Fit the law again with bimix fit.' });
}

export interface StackPart {
  readonly member: FittedLaw;
  readonly target: FittedTarget;
  readonly weight: number;
}

/**
 * What a target of a stack is made of: its members of positive weight.
 *
 * @throws BimixError `missing-coefficient`, `invalid-coefficient` as `thetaOfTarget`
 */
export function stackParts(stack: Stack, fitted: FittedLaw, target: FittedTarget): StackPart[] {
  return stack.members.flatMap(({ name }) => {
    const weight = coefficient(stack, target, weightName(name));
    if (weight === 0) return [];
    // A negative power of a loss is not log-convex: the optimum would be no minimum.
    if (weight < 0) throw negativeCoefficient(weightName(name), weight, target);
    const member = fitted.members?.find(candidate => candidate.law === name);
    const found = member?.targets.find(candidate => candidate.target === target.target);
    if (member !== undefined && found !== undefined) return [{ member, target: found, weight }];
    const message = `missing target "${target.target}" in the ${name} member of a ${fitted.law} law`;
    throw new BimixError('missing-coefficient', message, { hint: 'Fit the law again with bimix fit.' });
  });
}

export interface TargetLoss {
  /** Evaluation domain. */
  readonly target: string;
  readonly loss: LossOfShares;
}

/**
 * Each target's loss as a function of the mixture, with slopes.
 *
 * @param volume in the fit's unit; ignored by a law fitted at one volume
 * @param size model size in parameters, for laws that know it; that of the law, or the largest of the fit, unless given
 * @throws BimixError `invalid-law` for a law whose losses have no slopes, because a regression corrects them
 */
export function lossesAtVolume(fitted: FittedLaw, volume: number, size?: number): TargetLoss[] {
  return fitted.targets.map(target => ({ target: target.target, loss: lossOfTarget(fitted, target, volume, size) }));
}

function lossOfTarget(fitted: FittedLaw, target: FittedTarget, volume: number, size: number | undefined): LossOfShares {
  const law = findLaw(fitted.law);
  if (!isStack(law) && law.correction !== undefined) {
    const message = `invalid law "${fitted.law}" for optimizing: a regression corrects its losses, so they are not convex in the mixture`;
    throw new BimixError('invalid-law', message, {
      hint: 'Predict with it, and optimize with a convex law such as bimix-transfer.',
    });
  }
  return smoothLoss(fitted, target, volume, size);
}

/** Without the correction. */
function smoothLoss(fitted: FittedLaw, target: FittedTarget, volume: number, size: number | undefined): LossOfShares {
  const law = findLaw(fitted.law);
  if (isStack(law)) {
    const parts = stackParts(law, fitted, target);
    return geometricMean(
      parts.map(part => smoothLoss(part.member, part.target, volume, size)),
      parts.map(part => part.weight),
      fitted.trainingDomains.length,
    );
  }
  const shape = shapeOfTarget(fitted, target);
  const theta = thetaOfTarget(law, shape, target);
  return law.atVolume(shape, theta, volume / fitted.volume.scale, relativeSize(fitted, size));
}

/** N / N_max, at the size given, or else that of the law. */
export function relativeSize(fitted: FittedLaw, size = fitted.size): number {
  const largest = fitted.sizes?.at(-1);
  return largest === undefined || size === undefined ? 1 : size / largest;
}

/**
 * Predicted loss of each target, nats per token.
 *
 * @param shares share of tokens in the order of the law's training domains
 * @param volume in the fit's unit
 * @param size as in `lossesAtVolume`
 */
export function predictLosses(
  fitted: FittedLaw,
  shares: Float64Array,
  volume: number,
  size?: number,
): Record<string, number> {
  return Object.fromEntries(
    fitted.targets.map(target => [target.target, predictLoss(fitted, target, shares, volume, size)]),
  );
}

/**
 * Predicted loss of one target; parameters as `predictLosses`.
 *
 * @throws BimixError `invalid-volume` where the law has no finite loss
 */
export function predictLoss(
  fitted: FittedLaw,
  target: FittedTarget,
  shares: Float64Array,
  volume: number,
  size?: number,
): number {
  const loss = smoothLoss(fitted, target, volume, size).value(shares);
  if (!target.correction) return checkedLoss(loss, fitted, target, volume);
  const { features, regression } = target.correction;
  const row = correctionFeatures(features, shares, CORRECTION_VOLUME);
  return checkedLoss(loss * Math.exp(predictRegression(regression, row)[0]), fitted, target, volume);
}

/** Far from the runs, a power of the volume can go beyond what numbers hold. */
function checkedLoss(loss: number, { law }: FittedLaw, { target }: FittedTarget, volume: number): number {
  if (loss > 0 && Number.isFinite(loss)) return loss;
  const message = `invalid volume ${volume}: the ${law} law gives a loss of ${loss} of "${target}" there`;
  throw new BimixError('invalid-volume', message, { hint: 'Ask for a volume nearer to those of the runs.' });
}

/**
 * Predicted log losses of one target at the rows of a design.
 *
 * @param design its volumes over the law's `volume.scale`, its sizes over the largest of the law's
 * @returns n
 * @throws BimixError `invalid-volume` where the law has no finite loss
 */
export function predictDesign(fitted: FittedLaw, target: FittedTarget, design: Design): Float64Array {
  return logLossesOf(fitted, target, design, false);
}

/**
 * As `predictDesign`, plus what the runs of the fit shared at each checkpoint they have in common with the design; a
 * correction that knows the volume is read at that of the row. Only for checkpoints that the same evaluation measured:
 * residuals of the fit, and scores on held-out rows of its table.
 */
export function predictCheckpoints(fitted: FittedLaw, target: FittedTarget, design: Design): Float64Array {
  return logLossesOf(fitted, target, design, true);
}

function logLossesOf(fitted: FittedLaw, target: FittedTarget, design: Design, withEffects: boolean): Float64Array {
  const law = findLaw(fitted.law);
  const logLosses = isStack(law)
    ? stackDesign(law, fitted, target, design, withEffects)
    : lawDesign(law, fitted, target, design, withEffects);
  const found = target.correction ? corrected(logLosses, target.correction, fitted, design, withEffects) : logLosses;
  const broken = found.findIndex(logLoss => !(Math.abs(logLoss) <= MAX_LOG_LOSS));
  if (broken >= 0) checkedLoss(Math.exp(found[broken]), fitted, target, design.volume[broken] * fitted.volume.scale);
  return found;
}

function corrected(
  logLosses: Float64Array,
  { features, regression }: Correction,
  fitted: FittedLaw,
  design: Design,
  withEffects: boolean,
): Float64Array {
  const m = fitted.trainingDomains.length;
  const rows = Array.from(design.rowRun, (run, n) =>
    Array.from(
      correctionFeatures(
        features,
        design.shares.subarray(run * m, (run + 1) * m),
        withEffects ? design.volume[n] : CORRECTION_VOLUME,
      ),
    ),
  );
  const corrections = predictRegression(regression, Float64Array.from(rows.flat()));
  return logLosses.map((logLoss, n) => logLoss + corrections[n]);
}

function stackDesign(
  law: Stack,
  fitted: FittedLaw,
  target: FittedTarget,
  design: Design,
  withEffects: boolean,
): Float64Array {
  const logLosses = new Float64Array(design.rowRun.length);
  for (const { member, target: part, weight } of stackParts(law, fitted, target)) {
    const predicted = logLossesOf(member, part, design, withEffects);
    for (let n = 0; n < predicted.length; n++) logLosses[n] += weight * predicted[n];
  }
  return logLosses;
}

function lawDesign(
  law: Law,
  fitted: FittedLaw,
  target: FittedTarget,
  design: Design,
  withEffects: boolean,
): Float64Array {
  const shape = shapeOfTarget(fitted, target);
  const theta = thetaOfTarget(law, shape, target);
  const model = law.bind(shape, design);
  const logLosses = new Float64Array(design.rowRun.length);
  model.predict(theta, logLosses);
  const { checkpointEffects } = target;
  if (!withEffects || checkpointEffects === undefined) return logLosses;
  const parameters = law.parameters(shape);
  const there = new Float64Array(logLosses.length);
  for (const x of new Set(design.volume)) {
    const shifted = thetaAtCheckpoint(parameters, theta, checkpointEffects, x * fitted.volume.scale);
    if (shifted === theta) continue;
    model.predict(shifted, there);
    for (let n = 0; n < there.length; n++) if (design.volume[n] === x) logLosses[n] = there[n];
  }
  return logLosses;
}
