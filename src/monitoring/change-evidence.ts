/**
 * Evidence, checkpoint by checkpoint, that a run has left its prediction: e-processes. Under the prediction each has an
 * expectation of at most 1 however long the run, so that it ever exceeds K / a for one of K domains with probability a at
 * most (Ville's inequality; Ramdas et al. 2023, arXiv 2210.01948). No number of checkpoints has to be planned.
 */

/**
 * Degrees of freedom counted with at most: losses of healthy runs stray by five and more standard deviations now and then,
 * so the tails must be heavy. With Gaussian tails one healthy run in six raises an alarm.
 */
const TAIL_DEGREES = 5;
/** Spread of the shifts looked for, in standard deviations of a checkpoint. */
const SHIFT_SD = 3;
/** Spread of the levels looked for, in standard deviations of what a run may be off by. */
const LEVEL_SD = 4;

/** The normal deviate as rare as a Student one: sqrt(v ln(1 + t^2 / v)) (8 v + 1) / (8 v + 3), Wallace 1959. */
export function normalScore(t: number, degrees: number): number {
  const size = Math.sqrt(degrees * Math.log1p((t * t) / degrees));
  return (Math.sign(t) * size * (8 * degrees + 1)) / (8 * degrees + 3);
}

/**
 * Log evidence that a run as a whole is off by more than runs are: N(0, LEVEL_SD^2) against N(0, 1).
 *
 * @param t the run's mean deviation in its standard deviations
 * @param degrees of freedom that those were estimated with
 */
export function levelEvidence(t: number, degrees: number): number {
  const score = normalScore(t, Math.min(degrees, TAIL_DEGREES));
  return (score * score * (1 - LEVEL_SD ** -2)) / 2 - Math.log(LEVEL_SD);
}

export interface ChangeEvidence {
  readonly logEvidence: number;
  /** Number, from 1, of the innovation at which a change most likely began. */
  readonly since: number;
}

/**
 * Evidence for a lasting shift that began at some checkpoint: likelihood ratios of a shift N(0, SHIFT_SD^2), one for each
 * beginning k, weighted 1 / (k (k + 1)), which sums to 1.
 */
export class ChangeDetector {
  /** By beginning: sums of squared answers, and of answers times scores. */
  private readonly information: number[] = [];
  private readonly products: number[] = [];

  /**
   * @param innovation how far the checkpoint is from where the earlier ones put it, in standard deviations
   * @param answers by k from 1 to this innovation's number: what it would be had losses shifted by one standard deviation
   *   of a checkpoint at k
   */
  add(innovation: number, answers: readonly number[]): ChangeEvidence {
    const score = normalScore(innovation, TAIL_DEGREES);
    this.information.push(0);
    this.products.push(0);
    const count = this.information.length;
    // Changes yet to begin have an evidence of 1.
    let evidence = 1 / (count + 1);
    let since = count;
    let most = 0;
    for (let k = 1; k <= count; k++) {
      const answer = answers[k - 1];
      this.information[k - 1] += answer * answer;
      this.products[k - 1] += answer * score;
      const shrunk = 1 + SHIFT_SD ** 2 * this.information[k - 1];
      const exponent = ((this.products[k - 1] * SHIFT_SD) ** 2 / shrunk - Math.log(shrunk)) / 2;
      const weighted = Math.exp(Math.min(exponent, 600)) / (k * (k + 1));
      evidence += weighted;
      if (weighted > most) {
        most = weighted;
        since = k;
      }
    }
    return { logEvidence: Math.log(evidence), since };
  }
}
