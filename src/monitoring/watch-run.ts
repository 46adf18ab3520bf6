/** A run in progress against its prediction: what was expected of each checkpoint, and alarms. */

import { BimixError } from '../errors/index.ts';
import {
  around,
  checkLevel,
  combined,
  commonUnit,
  type FittedLaw,
  type FittedTarget,
  type LossInterval,
} from '../laws/index.ts';
import { ChangeDetector, levelEvidence } from './change-evidence.ts';
import { forecastInterval, modelRun, offsetSoFar, pastLevel, type RunModel, squaredLength } from './run-model.ts';

/** One checkpoint of a run. */
export interface LoggedCheckpoint {
  /** In the fit's unit. */
  readonly volume: number;
  /** By evaluation domain: nats per token. Left out where it was not measured; NaN or infinite where it broke. */
  readonly losses: Readonly<Record<string, number>>;
}

export interface WatchOptions {
  /** Coverage probability of each interval; default 0.9. */
  readonly level?: number;
  /** Probability that a run that goes as predicted ever raises an alarm; default 0.05. */
  readonly falseAlarms?: number;
  /** Volume at which the run will end, in the fit's unit; defaults to the largest of the fit. */
  readonly end?: number;
  /** Model size in parameters, for laws that know it. */
  readonly size?: number;
}

/**
 * - `not-a-number`: a loss that is NaN, infinite, or not above 0.
 * - `jump`: a loss more than 10 % above where its earlier checkpoints put it.
 * - `change`: losses have shifted since a checkpoint.
 * - `level`: the run as a whole is further off than runs are.
 */
export interface Alarm {
  readonly kind: 'not-a-number' | 'jump' | 'change' | 'level';
  /** Evaluation domain. */
  readonly target: string;
  /** Where it was raised, and since when, in the fit's unit. */
  readonly volume: number;
  readonly since: number;
  /** Relative deviation from where the law, or the run before the change, put the loss; null for `not-a-number`. */
  readonly deviation: number | null;
}

export interface WatchedTarget {
  readonly target: string;
  /** Null where it was not measured. */
  readonly loss: number | null;
  /** Expected before the checkpoint, from the mixture and the checkpoints before it. */
  readonly expected: LossInterval;
  readonly outside: boolean;
  /** What the run is off by so far, this checkpoint included, in log loss. */
  readonly offset: number;
  /** At the run's end, expected after the checkpoint. */
  readonly end: LossInterval;
}

export interface WatchedCheckpoint {
  readonly volume: number;
  /** False before the volumes that the law was fitted on: such a checkpoint raises no alarm but `not-a-number`. */
  readonly judged: boolean;
  readonly targets: readonly WatchedTarget[];
  /** Of the plain mean over targets at the run's end; null where they have several units. */
  readonly end: LossInterval | null;
  readonly alarms: readonly Alarm[];
}

/** A loss that is this much above where the run was, in logs, and this many standard deviations, is an alarm at once. */
const JUMP = Math.log(1.1);
const JUMP_SDS = 5;

/**
 * Every checkpoint in turn, each judged by what came before it only.
 *
 * @param shares share of tokens in the order of the law's training domains
 * @param checkpoints ascending in volume
 * @throws BimixError `missing-uncertainty` when the fit does not say how uncertain it is, `invalid-law` when its runs had one
 * checkpoint each, `invalid-level`
 */
export function watchRun(
  fitted: FittedLaw,
  shares: Float64Array,
  checkpoints: readonly LoggedCheckpoint[],
  options: WatchOptions = {},
): WatchedCheckpoint[] {
  const { level = 0.9, falseAlarms = 0.05, end = fitted.volume.largest, size } = options;
  checkLevel(level);
  const volumes = [...checkpoints.map(({ volume }) => volume), end];
  const limit = Math.log(fitted.targets.length / falseAlarms);
  const watchers = fitted.targets.map(target => {
    return new TargetWatch(target, modelRun(fitted, target, shares, volumes, size), limit);
  });
  const first = Math.max(fitted.volume.smallest * 0.999, ...fitted.warmUp.excluded.map(volume => volume * 1.001));
  return checkpoints.map(({ volume, losses }, row) => {
    const judged = volume >= first;
    const seen = watchers.map(watcher => watcher.see(row, losses[watcher.target.target], judged, level));
    return {
      volume,
      judged,
      targets: seen.map(({ watched }) => watched),
      end: commonUnit(fitted) === null ? null : meanInterval(fitted, watchers, level),
      alarms: seen.flatMap(({ alarms }) => alarms),
    };
  });
}

function meanInterval(fitted: FittedLaw, watchers: readonly TargetWatch[], level: number): LossInterval {
  const ends = watchers.map(watcher => watcher.end(level));
  const k = ends.length;
  const mean = ends.reduce((sum, { loss }) => sum + loss / k, 0);
  const margin = combined(
    fitted,
    ends.map(({ loss, upper }) => (loss * Math.log(upper / loss)) / k),
  );
  return around(mean, margin / mean);
}

class TargetWatch {
  readonly target: FittedTarget;
  readonly model: RunModel;
  /** Log evidence at which an alarm is raised. */
  private readonly limit: number;
  private readonly rows: number[] = [];
  private readonly deviations: number[] = [];
  private readonly detector = new ChangeDetector();
  private readonly raised = new Set<Alarm['kind']>();

  constructor(target: FittedTarget, model: RunModel, limit: number) {
    if (!(model.scatter.withinSd > 0)) {
      const message = `invalid law for watching: its runs have one checkpoint each of "${target.target}", so changes cannot be distinguished from noise`;
      throw new BimixError('invalid-law', message, { hint: 'Fit it to runs with several checkpoints.' });
    }
    this.target = target;
    this.model = model;
    this.limit = limit;
  }

  see(
    row: number,
    loss: number | undefined,
    judged: boolean,
    level: number,
  ): { readonly watched: WatchedTarget; readonly alarms: Alarm[] } {
    const { model } = this;
    const expected = forecastInterval(model, this.past, row, level);
    const isLoss = loss !== undefined && loss > 0 && Number.isFinite(loss);
    const alarms: Alarm[] = [];
    if (loss !== undefined && !isLoss) this.raise(alarms, 'not-a-number', row, row, null);
    if (isLoss && judged) this.judge(alarms, row, Math.log(loss) - model.logPredicted[row]);
    return {
      watched: {
        target: this.target.target,
        loss: loss ?? null,
        expected,
        outside: isLoss && (loss < expected.lower || loss > expected.upper),
        offset: offsetSoFar(model, this.past).offset,
        end: this.end(level),
      },
      alarms,
    };
  }

  /** The loss at the run's end, expected now. */
  end(level: number): LossInterval {
    return forecastInterval(this.model, this.past, this.model.volumes.length - 1, level);
  }

  private get past(): { readonly rows: readonly number[]; readonly deviations: readonly number[] } {
    return { rows: this.rows, deviations: this.deviations };
  }

  private judge(alarms: Alarm[], row: number, deviation: number): void {
    const { withinSd, runSd, degrees } = this.model.scatter;
    let change = { logEvidence: 0, since: 0 };
    if (this.rows.length > 0) {
      const { mean, direction, noiseVariance, weights } = pastLevel(this.model, this.past);
      const ahead = this.model.coefficients[row].map((value, a) => value - direction[a]);
      const sd = Math.sqrt(withinSd ** 2 + noiseVariance + squaredLength(ahead));
      const rise = deviation - mean;
      if (rise > JUMP && rise > JUMP_SDS * sd) this.raise(alarms, 'jump', row, row, rise);
      change = this.detector.add(rise / sd, shiftAnswers(weights, withinSd / sd));
    }
    this.rows.push(row);
    this.deviations.push(deviation);
    const { mean, direction, noiseVariance } = pastLevel(this.model, this.past);
    const levelSd = Math.sqrt(squaredLength(direction) + runSd ** 2 + noiseVariance);
    // One event is one alarm: a jump is a change as well, and either moves the level.
    if (alarms.length > 0) return;
    // Half the false alarms for either test.
    const changed = change.logEvidence - Math.LN2 > this.limit;
    const level = this.raised.size === 0 && levelEvidence(mean / levelSd, degrees) - Math.LN2 > this.limit;
    if (!changed && !level) return;
    const { before, after } = this.aroundChange(change.since);
    // A shift moves the level as well: it is one where the run was not half as far off before.
    if (changed || Math.abs(before) < Math.abs(after) / 2) {
      this.raise(alarms, 'change', row, this.rows[change.since], after - before);
    } else this.raise(alarms, 'level', row, this.rows[0], mean);
  }

  /** Mean deviation before the n-th checkpoint, weighted, and from it on; with nothing before, the same. */
  private aroundChange(n: number): { readonly before: number; readonly after: number } {
    const from = this.deviations.slice(n);
    const after = from.reduce((sum, value) => sum + value, 0) / from.length;
    if (n === 0) return { before: after, after };
    const past = { rows: this.rows.slice(0, n), deviations: this.deviations.slice(0, n) };
    return { before: pastLevel(this.model, past).mean, after };
  }

  /** Each kind once a target. */
  private raise(alarms: Alarm[], kind: Alarm['kind'], row: number, since: number, logDeviation: number | null): void {
    if (this.raised.has(kind)) return;
    this.raised.add(kind);
    const { volumes } = this.model;
    const deviation = logDeviation === null ? null : Math.expm1(logDeviation);
    alarms.push({ kind, target: this.target.target, volume: volumes[row], since: volumes[since], deviation });
  }
}

/**
 * By the number k from 1 of the innovation at which losses shift: how the innovation after checkpoints of these weights
 * answers; the more of them came after the shift, the less.
 */
function shiftAnswers(weights: Float64Array, scale: number): number[] {
  const answers = new Array<number>(weights.length);
  let shifted = 0;
  for (let k = weights.length; k >= 1; k--) {
    answers[k - 1] = scale * (1 - shifted);
    shifted += weights[k - 1];
  }
  return answers;
}
