/**
 * How far to trust a decision, by fixed rules over what was measured: the error on runs held out beside that of a naive
 * baseline, the gain beside the noise of a run, the distance from the runs, the jump in volume, and what other laws say.
 */

import type { RunNoise } from '../evidence/index.ts';
import type { Confidence, Gain, Opinion } from './decision.ts';

export interface ConfidenceFacts {
  readonly law: string;
  /** Mean relative error of the law on runs held out, and of the better naive baseline; fractions. */
  readonly mre: number;
  readonly baseline: { readonly name: string; readonly mre: number };
  /** Over the mixture that the decision has to beat. */
  readonly gain: Gain;
  readonly noise: RunNoise | null;
  readonly opinions: readonly Opinion[];
  /** Volume asked for over the largest of the runs; 1 within them. */
  readonly extrapolation: number;
  /** Whether a budget was asked for that the law cannot use, as the data volume of its runs is not known. */
  readonly isVolumeIgnored: boolean;
  /** Training domains whose share lies outside those of the runs. */
  readonly outside: readonly string[];
  /** Whether the mixture is far from every run. */
  readonly isFar: boolean;
  readonly mixtures: number;
  /** How many different mixtures the law wants. */
  readonly wanted: number;
}

/** Below this probability of a gain, none is claimed. */
const MIN_PROBABILITY = 0.8;
/** From this probability on, a gain is beyond doubt. */
const SURE = 0.95;
/** Beyond this many times the volume of the runs, a prediction is a guess at the form of the curve. */
const FAR_EXTRAPOLATION = 10;
/** A law that errs by more than this part of what the baseline does has learned little. */
const LITTLE_BETTER = 0.8;
/** A law that errs by more than this many times what the chosen one does is not asked. */
const WORTH_HEARING = 2;
/** A change of the mean loss by less than this part is none. */
const MIN_LOSS = 5e-4;
/** As many doubts make confidence low. */
const MANY_DOUBTS = 3;

export function confidenceOf(facts: ConfidenceFacts): Confidence {
  const against = objections(facts);
  const grave = graveDoubts(facts);
  const doubts = [...grave, ...lighterDoubts(facts)];
  if (against.length > 0) return { level: 'low', because: doubts, against };
  if (grave.length > 0 || doubts.length >= MANY_DOUBTS) return { level: 'low', because: doubts, against };
  if (doubts.length > 0) return { level: 'medium', because: doubts, against };
  return { level: 'high', because: grounds(facts), against };
}

/** What forbids a decision. */
function objections({ law, mre, baseline, gain, noise, opinions }: ConfidenceFacts): string[] {
  const sentences: string[] = [];
  if (mre >= baseline.mre) {
    sentences.push(
      `The naive baseline "${baseline.name}" predicts held-out runs better (${percent(baseline.mre)} off) than ${law} (${percent(mre)}).`,
    );
  }
  const size = percent(Math.abs(gain.change));
  if (gain.change >= 0) {
    sentences.push(`No allowed mixture is predicted to be better than ${gain.over}.`);
  } else if (gain.probability < MIN_PROBABILITY) {
    sentences.push(
      `The gain over ${gain.over}, ${size}, is within the noise: a run at this mixture ends below a run there with probability ${gain.probability.toFixed(2)}.`,
    );
  } else if (noise?.source === 'replicates' && -gain.change < noise.difference) {
    sentences.push(
      `The gain over ${gain.over}, ${size}, is below the noise of a run: two runs of one mixture differ by ${percent(noise.difference)}.`,
    );
  }
  const { opposed, heard } = votes(mre, opinions);
  if (opposed.length > 0 && 2 * opposed.length >= heard.length) {
    const names = opposed.map(opinion => `${opinion.law} (by ${percent(opinion.change)})`).join(', ');
    sentences.push(`The laws disagree: the mixture is worse than ${gain.over} according to ${names}.`);
  }
  return sentences;
}

/** Each alone makes confidence low. */
function graveDoubts({ extrapolation, mixtures, wanted }: ConfidenceFacts): string[] {
  return [
    ...(extrapolation > FAR_EXTRAPOLATION
      ? [`the budget is ${factor(extrapolation)} times the tokens of the longest run`]
      : []),
    ...(2 * mixtures < wanted ? [`${mixtures} different mixtures are few where ${wanted} are wanted`] : []),
  ];
}

function lighterDoubts(facts: ConfidenceFacts): string[] {
  const { mre, baseline, gain, opinions, extrapolation, isVolumeIgnored, outside, isFar, mixtures, wanted } = facts;
  const { opposed, heard } = votes(mre, opinions);
  return [
    ...(gain.change < 0 && gain.probability >= MIN_PROBABILITY && gain.probability < SURE
      ? [`the gain over ${gain.over} is likely (probability ${gain.probability.toFixed(2)}), not certain`]
      : []),
    ...(mre < baseline.mre && mre > LITTLE_BETTER * baseline.mre
      ? [
          `on held-out runs the law is off by ${percent(mre)}, little better than "${baseline.name}" (${percent(baseline.mre)})`,
        ]
      : []),
    ...(extrapolation > 1 && extrapolation <= FAR_EXTRAPOLATION
      ? [`the budget is ${factor(extrapolation)} times the tokens of the longest run`]
      : []),
    ...(isVolumeIgnored
      ? ['the tokens of the runs are not known, so the budget counts for tokens and epochs only']
      : []),
    ...(outside.length > 0 ? [`no run had such a share of ${outside.join(', ')}`] : []),
    ...(isFar ? ['the mixture is far from every run'] : []),
    ...(mixtures < wanted && 2 * mixtures >= wanted
      ? [`${mixtures} different mixtures are few where ${wanted} are wanted`]
      : []),
    ...(opposed.length > 0 && 2 * opposed.length < heard.length
      ? [`${opposed.map(({ law }) => law).join(', ')} would not choose this mixture over ${gain.over}`]
      : []),
  ];
}

/** Laws that predict about as well as the chosen one, and those of them that see a loss where it sees a gain. */
function votes(mre: number, opinions: readonly Opinion[]): Record<'heard' | 'opposed', readonly Opinion[]> {
  const heard = opinions.filter(opinion => opinion.mre <= WORTH_HEARING * mre);
  return { heard, opposed: heard.filter(({ change }) => change > MIN_LOSS) };
}

function grounds({ mre, baseline, gain }: ConfidenceFacts): string[] {
  return [
    `on held-out runs the law is off by ${percent(mre)} ("${baseline.name}": ${percent(baseline.mre)})`,
    `the gain over ${gain.over} has probability ${gain.probability.toFixed(2)}`,
    'the mixture and the budget lie within the runs',
  ];
}

function factor(value: number): string {
  return String(Number(value.toPrecision(value < 10 ? 2 : 3)));
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`;
}
